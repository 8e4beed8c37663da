import { MultiSelect } from "@mantine/core";

import type { RecipeColumn } from "../../../data/recipe/types";
import { type Need, fitting } from "./choices";

const MOST_LISTED = 200;

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly columns: readonly RecipeColumn[];
  readonly need: Need;
  readonly values: readonly string[];
  readonly onChange: (columns: readonly string[]) => void;
}

/** Some of the columns that can serve. */
export function ColumnsSelect({ label, description, columns, need, values, onChange }: Props) {
  const names = fitting(columns, need);
  const gone = values.filter((value) => !names.includes(value));
  return (
    <MultiSelect
      label={label}
      description={description}
      placeholder={values.length === 0 ? "Choose columns" : ""}
      searchable
      limit={MOST_LISTED}
      nothingFoundMessage="No other column is called so"
      data={[...names, ...gone]}
      value={[...values]}
      onChange={onChange}
    />
  );
}

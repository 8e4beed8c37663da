import { Select } from "@mantine/core";

import type { RecipeColumn } from "../../../data/recipe/types";
import { type Need, fitting, withChosen } from "./choices";

/** More would make the list slow; typing finds the others. */
const MOST_LISTED = 200;

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly columns: readonly RecipeColumn[];
  readonly need: Need;
  readonly value: string;
  readonly onChange: (column: string) => void;
}

/** One of the columns that can serve. */
export function ColumnSelect({ label, description, columns, need, value, onChange }: Props) {
  return (
    <Select
      label={label}
      description={description}
      placeholder="Choose a column"
      searchable
      limit={MOST_LISTED}
      allowDeselect={false}
      nothingFoundMessage={need === "numbers" ? "No column of numbers is called so" : "No column is called so"}
      data={withChosen(fitting(columns, need), value)}
      value={value === "" ? null : value}
      onChange={(chosen) => {
        onChange(chosen ?? "");
      }}
    />
  );
}

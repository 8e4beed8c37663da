import type { ColumnsDraft } from "../../../data/recipe/draft";
import type { RecipeColumn } from "../../../data/recipe/types";
import { ColumnsSelect } from "./ColumnsSelect";

interface Props {
  readonly draft: ColumnsDraft;
  readonly columns: readonly RecipeColumn[];
  readonly onChange: (draft: ColumnsDraft) => void;
}

/** Which columns stay or go. */
export function ColumnsFields({ draft, columns, onChange }: Props) {
  return (
    <ColumnsSelect
      label={draft.step === "keep" ? "Columns that stay" : "Columns that go"}
      columns={columns}
      need="anything"
      values={draft.columns}
      onChange={(chosen) => {
        onChange({ ...draft, columns: chosen });
      }}
    />
  );
}

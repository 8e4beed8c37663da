import { Autocomplete, Select, SimpleGrid, TagsInput } from "@mantine/core";

import { isNumeric } from "../../../data/columns";
import type { Dataset } from "../../../data/datasets";
import type { FilterDraft, Test } from "../../../data/recipe/draft";
import type { RecipeColumn } from "../../../data/recipe/types";
import { BoundInput } from "./BoundInput";
import { ColumnSelect } from "./ColumnSelect";
import { valuesIn } from "./choices";

const TESTS: readonly { readonly value: Test; readonly label: string }[] = [
  { value: "equals", label: "is" },
  { value: "not_equals", label: "is not" },
  { value: "one_of", label: "is one of" },
  { value: "none_of", label: "is none of" },
  { value: "range", label: "is within" },
  { value: "not_missing", label: "has a value" },
  { value: "missing", label: "has no value" },
];

interface Props {
  readonly draft: FilterDraft;
  readonly columns: readonly RecipeColumn[];
  readonly source: Dataset;
  readonly onChange: (draft: FilterDraft) => void;
}

/** Which rows are kept. */
export function FilterFields({ draft, columns, source, onChange }: Props) {
  const type = columns.find(({ name }) => name === draft.column)?.type ?? "text";
  const hasRange = isNumeric(type) || type === "date" || type === "timestamp";
  const isSingle = draft.test === "equals" || draft.test === "not_equals";
  const isSeveral = draft.test === "one_of" || draft.test === "none_of";
  const known = type === "boolean" ? ["true", "false"] : valuesIn(source, draft.column);
  const hint = hintOf(type);
  return (
    <SimpleGrid cols={{ base: 1, sm: draft.test === "range" ? 4 : 3 }} spacing="sm">
      <ColumnSelect
        label="Rows where"
        columns={columns}
        need="anything"
        value={draft.column}
        onChange={(column) => {
          onChange({ ...draft, column, values: [] });
        }}
      />
      <Select
        label="Condition"
        allowDeselect={false}
        data={TESTS.filter(({ value }) => hasRange || value !== "range" || draft.test === "range")}
        value={draft.test}
        onChange={(test) => {
          if (test !== null) {
            onChange({ ...draft, test, values: draft.values.slice(0, test.includes("of") ? undefined : 1) });
          }
        }}
      />
      {isSingle && (
        <Autocomplete
          label="Value"
          placeholder={hint}
          data={known}
          value={draft.values[0] ?? ""}
          onChange={(value) => {
            onChange({ ...draft, values: [value] });
          }}
        />
      )}
      {isSeveral && (
        <TagsInput
          label="Values"
          placeholder={draft.values.length === 0 ? "Choose, or type and press Enter" : ""}
          // A value may have a comma in it.
          splitChars={[]}
          acceptValueOnBlur
          data={known}
          value={[...draft.values]}
          onChange={(values) => {
            onChange({ ...draft, values });
          }}
        />
      )}
      {draft.test === "range" && (
        <>
          <BoundInput
            label="From"
            inclusiveWords="at least"
            exclusiveWords="more than"
            placeholder={hint}
            bound={draft.low}
            onChange={(low) => {
              onChange({ ...draft, low });
            }}
          />
          <BoundInput
            label="To"
            inclusiveWords="at most"
            exclusiveWords="less than"
            placeholder={hint}
            bound={draft.high}
            onChange={(high) => {
              onChange({ ...draft, high });
            }}
          />
        </>
      )}
    </SimpleGrid>
  );
}

function hintOf(type: RecipeColumn["type"]): string {
  switch (type) {
    case "date":
      return "2024-05-01";
    case "timestamp":
      return "2024-05-01T12:00:00Z";
    case "integer":
    case "float":
      return "A number";
    default:
      return "As written in the file";
  }
}

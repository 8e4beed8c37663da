import { Autocomplete, Checkbox, Select, SimpleGrid, Text } from "@mantine/core";

import type { Dataset } from "../../../data/datasets";
import type { ReshapeDraft } from "../../../data/recipe/draft";
import type { RecipeColumn } from "../../../data/recipe/types";
import { ColumnSelect } from "./ColumnSelect";
import { ColumnsSelect } from "./ColumnsSelect";
import { valuesIn } from "./choices";

interface Props {
  readonly draft: ReshapeDraft;
  readonly columns: readonly RecipeColumn[];
  readonly source: Dataset;
  readonly onChange: (draft: ReshapeDraft) => void;
}

/** From one row for each unit and period to one row for each unit. */
export function ReshapeFields({ draft, columns, source, onChange }: Props) {
  const change = (more: Partial<ReshapeDraft>) => {
    onChange({ ...draft, ...more });
  };
  const others = columns.filter(({ name }) => name !== draft.unit && name !== draft.time);
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <ColumnSelect
          label="Unit"
          description="Who or what is seen again and again"
          columns={columns}
          need="values"
          value={draft.unit}
          onChange={(unit) => {
            change({ unit });
          }}
        />
        <ColumnSelect
          label="Period"
          description="Numbers, dates, or text like 2024-05"
          columns={columns}
          need="periods"
          value={draft.time}
          onChange={(time) => {
            change({ time });
          }}
        />
        <Autocomplete
          label="First period after"
          description="Where before ends and after begins"
          placeholder="2024-05"
          data={valuesIn(source, draft.time)}
          value={draft.split}
          onChange={(split) => {
            change({ split });
          }}
        />
        <ColumnsSelect
          label="Values"
          description="Each becomes a value before and one after"
          columns={others}
          need="numbers"
          values={draft.values}
          onChange={(values) => {
            change({ values });
          }}
        />
        <ColumnsSelect
          label="Carried along"
          description="What is the same in all rows of a unit"
          columns={others}
          need="anything"
          values={draft.carry}
          onChange={(carry) => {
            change({ carry });
          }}
        />
        <Select
          label="Value before"
          description="The value after is always the mean"
          allowDeselect={false}
          data={[
            { value: "mean", label: "Mean of the periods" },
            { value: "last", label: "Last period that has a value" },
          ]}
          value={draft.before}
          onChange={(before) => {
            if (before !== null) {
              change({ before });
            }
          }}
        />
      </SimpleGrid>
      <Checkbox
        label="Units may lack periods that others have"
        checked={draft.allowsGaps}
        onChange={({ currentTarget }) => {
          change({ allowsGaps: currentTarget.checked });
        }}
      />
      <Text size="sm" c="dimmed">
        Columns that are neither the unit, nor values, nor carried along are left out.
      </Text>
    </>
  );
}

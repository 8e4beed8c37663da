import { Autocomplete, Checkbox, Select, SimpleGrid, Text, TextInput } from "@mantine/core";

import type { Dataset } from "../../../data/datasets";
import type { DeriveDraft, FormulaKind } from "../../../data/recipe/draft";
import type { RecipeColumn } from "../../../data/recipe/types";
import { ColumnSelect } from "./ColumnSelect";
import { valuesIn } from "./choices";

const FORMULAS: readonly { readonly value: FormulaKind; readonly label: string; readonly about: string }[] = [
  { value: "log", label: "Logarithm", about: "The natural logarithm. Every value must be above zero." },
  { value: "log1p", label: "Logarithm of 1 + value", about: "For counts with zeros. Every value must be above -1." },
  { value: "difference", label: "Difference", about: "One column less another, such as outcome less baseline." },
  { value: "ratio", label: "Ratio", about: "One column divided by another, which must not be zero." },
  {
    value: "difference_from_baseline",
    label: "Gain since a baseline",
    about: "For one row for each unit and period: the value less the same unit's value in the baseline period.",
  },
];

interface Props {
  readonly draft: DeriveDraft;
  readonly columns: readonly RecipeColumn[];
  readonly source: Dataset;
  readonly onChange: (draft: DeriveDraft) => void;
}

/** A new column and how it is computed. */
export function DeriveFields({ draft, columns, source, onChange }: Props) {
  const { formula } = draft;
  const change = (more: Partial<DeriveDraft>) => {
    onChange({ ...draft, ...more });
  };
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2, md: 4 }} spacing="sm">
        <TextInput
          label="Name of the new column"
          value={draft.name}
          onChange={({ currentTarget }) => {
            change({ name: currentTarget.value });
          }}
        />
        <Select
          label="Formula"
          allowDeselect={false}
          data={FORMULAS.map(({ value, label }) => ({ value, label }))}
          value={formula}
          onChange={(chosen) => {
            if (chosen !== null) {
              change({ formula: chosen });
            }
          }}
        />
        <ColumnSelect
          label="Column"
          columns={columns}
          need="numbers"
          value={draft.column}
          onChange={(column) => {
            change({ column });
          }}
        />
        {(formula === "difference" || formula === "ratio") && (
          <ColumnSelect
            label={formula === "difference" ? "Less" : "Divided by"}
            columns={columns}
            need="numbers"
            value={draft.other}
            onChange={(other) => {
              change({ other });
            }}
          />
        )}
        {formula === "difference_from_baseline" && (
          <>
            <ColumnSelect
              label="Unit"
              columns={columns}
              need="values"
              value={draft.unit}
              onChange={(unit) => {
                change({ unit });
              }}
            />
            <ColumnSelect
              label="Period"
              columns={columns}
              need="periods"
              value={draft.time}
              onChange={(time) => {
                change({ time });
              }}
            />
            <Autocomplete
              label="Baseline period"
              placeholder="The first one"
              data={valuesIn(source, draft.time)}
              value={draft.period}
              onChange={(period) => {
                change({ period });
              }}
            />
          </>
        )}
      </SimpleGrid>
      {formula === "difference_from_baseline" && (
        <Checkbox
          label="Units may lack periods that others have"
          checked={draft.allowsGaps}
          onChange={({ currentTarget }) => {
            change({ allowsGaps: currentTarget.checked });
          }}
        />
      )}
      <Text size="sm" c="dimmed">
        {FORMULAS.find(({ value }) => value === formula)?.about} Where a value is missing, the new one is missing too.
      </Text>
    </>
  );
}

import { Button, Group, MultiSelect, Select, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

import { type Column, describe, unfitness } from "../../ask/columns";
import type { Field } from "../../ask/schema";
import { type Value, usedAs } from "../../ask/values";
import type { FormContext } from "./FieldInput";

interface Props {
  readonly field: Field;
  readonly value: Value | undefined;
  readonly context: FormContext;
  readonly onChange: (value: Value) => void;
  readonly label: ReactNode;
  readonly description?: ReactNode;
  readonly error: string | undefined;
  readonly required: boolean;
}

/** One or more columns of the table; those that cannot serve are shown with the reason. */
export function ColumnPicker({ field, value, context, onChange, ...common }: Props) {
  const judged = judge(field, context);
  const data = judged.map(({ column, reason }) => ({
    value: column.name,
    label: column.name,
    disabled: reason !== undefined,
  }));
  const notes = new Map(judged.map(({ column, reason }) => [column.name, reason ?? describe(column)]));
  const shared = {
    ...common,
    data,
    searchable: true,
    nothingFoundMessage: "No column of that name",
    maxDropdownHeight: 320,
    renderOption: ({ option }: { option: { value: string; disabled?: boolean } }) => (
      <Group justify="space-between" wrap="nowrap" gap="md" w="100%">
        <Text size="sm">{option.value}</Text>
        <Text size="xs" c="dimmed" ta="right">
          {option.disabled ? `cannot serve: ${notes.get(option.value) ?? ""}` : notes.get(option.value)}
        </Text>
      </Group>
    ),
  };
  if (field.kind === "column") {
    return (
      <Select
        {...shared}
        placeholder={field.required ? "Choose a column" : "None"}
        clearable={!field.required}
        value={typeof value === "string" && value !== "" ? value : null}
        onChange={(chosen) => {
          onChange(chosen ?? "");
        }}
      />
    );
  }
  const chosen = Array.isArray(value) ? (value as readonly string[]) : [];
  const addable = judged.filter(({ column, reason }) => reason === undefined && !chosen.includes(column.name));
  return (
    <Stack gap={4}>
      <MultiSelect
        {...shared}
        placeholder={chosen.length === 0 ? "None" : ""}
        clearable
        hidePickedOptions
        value={[...chosen]}
        onChange={onChange}
      />
      {addable.length > 1 && (
        <Button
          variant="subtle"
          size="compact-xs"
          w="fit-content"
          onClick={() => {
            onChange([...chosen, ...addable.map(({ column }) => column.name)]);
          }}
        >
          Add all {addable.length} that can serve
        </Button>
      )}
    </Stack>
  );
}

/** Each column with the reason why it cannot serve here, those that can first. */
function judge(field: Field, { fields, values, columns, rows }: FormContext): { column: Column; reason?: string }[] {
  const used = usedAs(fields, values);
  const judged = columns.map((column) => {
    const other = field.role === undefined ? undefined : used.get(column.name);
    const reason =
      unfitness(field, column, rows) ??
      (other !== undefined && other.name !== field.name ? `it is the ${other.title.toLowerCase()} already` : undefined);
    return { column, ...(reason === undefined ? {} : { reason }) };
  });
  return [
    ...judged.filter(({ reason }) => reason === undefined),
    ...judged.filter(({ reason }) => reason !== undefined),
  ];
}

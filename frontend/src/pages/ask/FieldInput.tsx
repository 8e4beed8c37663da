import { Checkbox, MultiSelect, NumberInput, Select, TextInput } from "@mantine/core";

import type { Column } from "../../ask/columns";
import type { Field } from "../../ask/schema";
import type { Value, Values } from "../../ask/values";
import { ColumnPicker } from "./ColumnPicker";
import { Help } from "./Help";

/** What of the question an input has to know beside its own field. */
export interface FormContext {
  readonly fields: readonly Field[];
  readonly values: Values;
  readonly columns: readonly Column[];
  readonly rows: number | undefined;
}

interface Props {
  readonly field: Field;
  readonly value: Value | undefined;
  readonly problem: string | undefined;
  readonly context: FormContext;
  readonly onChange: (value: Value) => void;
}

/** The input of one parameter. */
export function FieldInput({ field, value, problem, context, onChange }: Props) {
  const common = {
    label: field.title,
    error: problem,
    required: field.required,
    ...(field.help === undefined ? {} : { description: <Help text={field.help} /> }),
  };
  switch (field.kind) {
    case "column":
    case "columns":
      return <ColumnPicker field={field} value={value} context={context} onChange={onChange} {...common} />;
    case "choice": {
      const options = field.options ?? [];
      const chosen = options.find((option) => option.value === value);
      return (
        <Select
          {...common}
          description={<Help text={chosen?.help ?? field.help ?? ""} />}
          data={options.map((option) => ({ value: option.value, label: option.label }))}
          value={typeof value === "string" && value !== "" ? value : null}
          placeholder="Decided for you"
          clearable={field.default === null || field.default === undefined}
          allowDeselect={false}
          onChange={(chosenValue) => {
            onChange(chosenValue ?? "");
          }}
        />
      );
    }
    case "choices":
      return (
        <MultiSelect
          {...common}
          data={(field.options ?? []).map((option) => ({ value: option.value, label: option.label }))}
          value={Array.isArray(value) ? [...(value as readonly string[])] : []}
          placeholder="Decided for you"
          clearable
          onChange={onChange}
        />
      );
    case "boolean":
      return (
        <Checkbox
          label={field.title}
          error={problem}
          {...(field.help === undefined ? {} : { description: field.help })}
          checked={value === true}
          onChange={(event) => {
            onChange(event.currentTarget.checked);
          }}
        />
      );
    case "number":
    case "integer":
      return (
        <NumberInput
          {...common}
          value={typeof value === "number" ? value : ""}
          allowDecimal={field.kind === "number"}
          placeholder="None"
          {...(field.kind === "integer" ? { step: 1 } : { step: 0.01 })}
          onChange={(typed) => {
            onChange(typeof typed === "number" ? typed : "");
          }}
        />
      );
    case "text":
      return (
        <TextInput
          {...common}
          value={typeof value === "string" ? value : ""}
          placeholder="None"
          onChange={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      );
  }
}

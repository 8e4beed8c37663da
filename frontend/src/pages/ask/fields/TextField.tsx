import { Autocomplete, Select, TextInput } from "@mantine/core";

import type { Field } from "../../../ask/schema/fields";
import { valueAt } from "../../../ask/schema/values";
import { useForm } from "../QuestionContext";
import { useFieldProps } from "./useFieldProps";

interface Props {
  readonly field: Field;
  /** The column field whose values are offered. */
  readonly owner?: Field;
}

/** Words, or one of the values of a column. */
export function TextField({ field, owner }: Props) {
  const { question } = useForm();
  const props = useFieldProps(field);
  const given = valueAt(question.values, field.path);
  const text = typeof given === "string" ? given : "";
  const set = (value: string | null) => {
    question.set(field, value === null || value === "" ? undefined : value);
  };
  const column = owner && question.columns.find(({ name }) => name === question.valueOf(owner));
  if (!column || column.topValues.length === 0) {
    return (
      <TextInput
        {...props}
        value={text}
        onChange={(event) => {
          set(event.currentTarget.value);
        }}
      />
    );
  }
  const values = [...new Set([...column.topValues, ...(text === "" ? [] : [text])])];
  const shared = { ...props, data: values, size: "sm", value: text, onChange: set } as const;
  return column.allValuesKnown ? (
    <Select {...shared} value={text === "" ? null : text} clearable placeholder={`A value of ${column.name}`} />
  ) : (
    <Autocomplete {...shared} placeholder={`A value of ${column.name}; these are frequent`} />
  );
}

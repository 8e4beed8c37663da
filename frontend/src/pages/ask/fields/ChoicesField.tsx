import { MultiSelect } from "@mantine/core";

import type { Choice, Field } from "../../../ask/schema/fields";
import { same } from "../../../ask/schema/jsonSchema";
import { useForm } from "../QuestionContext";
import { ChoiceOption } from "./ChoiceOption";
import { useFieldProps } from "./useFieldProps";

interface Props {
  readonly field: Field;
  readonly choices: readonly Choice[];
}

export function ChoicesField({ field, choices }: Props) {
  const { question } = useForm();
  const value = question.valueOf(field);
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  return (
    <MultiSelect
      {...useFieldProps(field)}
      data={choices.map(({ label }, index) => ({ value: String(index), label }))}
      renderOption={({ option }) => <ChoiceOption choice={choices[Number(option.value)]} />}
      placeholder={chosen.length === 0 ? "None chosen" : ""}
      searchable
      clearable
      value={chosen.map((one) => String(choices.findIndex((choice) => same(choice.value, one))))}
      onChange={(indices) => {
        question.set(
          field,
          indices.map((index) => choices[Number(index)]?.value),
        );
      }}
    />
  );
}

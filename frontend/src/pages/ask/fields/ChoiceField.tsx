import { Input, SegmentedControl, Select, Text } from "@mantine/core";

import type { Choice, Field } from "../../../ask/schema/fields";
import { same } from "../../../ask/schema/jsonSchema";
import { withTitles } from "../../../ask/schema/words";
import { useForm } from "../QuestionContext";
import { ChoiceOption } from "./ChoiceOption";
import { useFieldProps } from "./useFieldProps";

interface Props {
  readonly field: Field;
  readonly choices: readonly Choice[];
}

/** Few short choices stand side by side, more in a list; what the chosen one means is told below. */
const MOST_SEGMENTS = 3;
const MOST_LETTERS = 40;

export function ChoiceField({ field, choices }: Props) {
  const letters = choices.reduce((sum, { label }) => sum + label.length, 0);
  const isChosen = field.default !== undefined && field.default !== null;
  const fits = choices.length <= MOST_SEGMENTS && letters <= MOST_LETTERS;
  return isChosen && fits ? <Segments field={field} choices={choices} /> : <List field={field} choices={choices} />;
}

function Segments({ field, choices }: Props) {
  const { question } = useForm();
  const { id, ...props } = useFieldProps(field);
  const chosen = choices.findIndex(({ value }) => same(value, question.valueOf(field)));
  return (
    <Input.Wrapper {...props} labelElement="div">
      <SegmentedControl
        id={id}
        aria-label={field.title}
        fullWidth
        size="xs"
        mt={4}
        data={choices.map(({ label }, index) => ({ value: String(index), label }))}
        value={String(chosen)}
        onChange={(index) => {
          question.set(field, choices[Number(index)]?.value);
        }}
      />
      <Meaning choice={choices[chosen]} />
    </Input.Wrapper>
  );
}

function List({ field, choices }: Props) {
  const { question } = useForm();
  const chosen = choices.findIndex(({ value }) => same(value, question.valueOf(field)));
  return (
    <div>
      <Select
        {...useFieldProps(field)}
        data={choices.map(({ label }, index) => ({ value: String(index), label }))}
        renderOption={({ option }) => <ChoiceOption choice={choices[Number(option.value)]} />}
        placeholder={field.required ? "Choose" : "None chosen"}
        searchable={choices.length > 8}
        clearable={!field.required}
        allowDeselect={false}
        value={chosen === -1 ? null : String(chosen)}
        onChange={(index) => {
          question.set(field, index === null ? undefined : choices[Number(index)]?.value);
        }}
      />
      <Meaning choice={choices[chosen]} />
    </div>
  );
}

function Meaning({ choice }: { readonly choice: Choice | undefined }) {
  const { question } = useForm();
  return choice?.help === undefined ? null : (
    <Text size="xs" c="dimmed" mt={4}>
      {withTitles(choice.help, question.all)}
    </Text>
  );
}

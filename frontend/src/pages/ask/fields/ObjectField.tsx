import { Fieldset, Stack, Text } from "@mantine/core";

import type { Field } from "../../../ask/schema/fields";
import { useForm } from "../QuestionContext";
import { FieldView } from "./FieldView";
import { Help } from "./Help";

interface Props {
  readonly field: Field;
  readonly fields: readonly Field[];
}

/** Parameters that belong together. */
export function ObjectField({ field, fields }: Props) {
  const { errorOf } = useForm();
  const error = errorOf(field);
  return (
    <Fieldset legend={field.title}>
      <Stack gap="sm">
        {field.help !== undefined && (
          <Text size="xs" c="dimmed" component="div">
            <Help text={field.help} title={field.title} />
          </Text>
        )}
        {fields.map((one) => (
          <FieldView key={one.pointer} field={one} />
        ))}
        {error !== undefined && (
          <Text size="xs" c="var(--mantine-color-error)">
            {error}
          </Text>
        )}
      </Stack>
    </Fieldset>
  );
}

import { Box, Stack } from "@mantine/core";

import { isGiven } from "../../../ask/schema/validate";
import type { Field } from "../../../ask/schema/fields";
import { useForm } from "../QuestionContext";
import { BooleanField } from "./BooleanField";
import { ChoiceField } from "./ChoiceField";
import { ChoicesField } from "./ChoicesField";
import { ColumnField } from "./ColumnField";
import { ColumnsField } from "./ColumnsField";
import classes from "./fields.module.css";
import { JsonField } from "./JsonField";
import { NumberField } from "./NumberField";
import { ObjectField } from "./ObjectField";
import { TextField } from "./TextField";
import { TextsField } from "./TextsField";

interface Props {
  readonly field: Field;
  /** The column field it is drawn below. */
  readonly owner?: Field;
}

/** One parameter with its control, and below it the fields that belong to it once it says something. */
export function FieldView({ field, owner }: Props) {
  const { question } = useForm();
  if (!question.asked(field)) {
    return null;
  }
  const below = question.layout.below.get(field.pointer) ?? [];
  const control = <Control field={field} {...(owner ? { owner } : {})} />;
  if (below.length === 0 || !isGiven(question.valueOf(field))) {
    return control;
  }
  return (
    <Stack gap="sm">
      {control}
      <Box className={classes["below"] ?? ""}>
        <Stack gap="sm">
          {below.map((one) => (
            <FieldView key={one.pointer} field={one} owner={field} />
          ))}
        </Stack>
      </Box>
    </Stack>
  );
}

function Control({ field, owner }: Props) {
  switch (field.control.kind) {
    case "column":
      return <ColumnField field={field} />;
    case "columns":
      return <ColumnsField field={field} {...(owner ? { owner } : {})} />;
    case "choice":
      return <ChoiceField field={field} choices={field.control.choices} />;
    case "choices":
      return <ChoicesField field={field} choices={field.control.choices} />;
    case "number":
      return <NumberField field={field} rules={field.control.rules} />;
    case "boolean":
      return <BooleanField field={field} />;
    case "text":
      return <TextField field={field} {...(owner ? { owner } : {})} />;
    case "texts":
      return <TextsField field={field} />;
    case "object":
      return <ObjectField field={field} fields={field.control.fields} />;
    case "json":
      return <JsonField field={field} />;
  }
}

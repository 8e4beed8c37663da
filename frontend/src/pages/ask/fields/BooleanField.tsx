import { Switch } from "@mantine/core";

import type { Field } from "../../../ask/schema/fields";
import { useForm } from "../QuestionContext";
import { useFieldProps } from "./useFieldProps";

export function BooleanField({ field }: { readonly field: Field }) {
  const { question } = useForm();
  const { id, label, description, error } = useFieldProps(field);
  return (
    <Switch
      id={id}
      label={label}
      description={description}
      error={error}
      checked={question.valueOf(field) === true}
      onChange={(event) => {
        question.set(field, event.currentTarget.checked);
      }}
    />
  );
}

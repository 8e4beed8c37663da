import { TagsInput } from "@mantine/core";

import type { Field } from "../../../ask/schema/fields";
import { useForm } from "../QuestionContext";
import { useFieldProps } from "./useFieldProps";

export function TextsField({ field }: { readonly field: Field }) {
  const { question } = useForm();
  const value = question.valueOf(field);
  return (
    <TagsInput
      {...useFieldProps(field)}
      placeholder="Type, then press Enter"
      value={Array.isArray(value) ? value.filter((one) => typeof one === "string") : []}
      onChange={(texts) => {
        question.set(field, texts);
      }}
    />
  );
}

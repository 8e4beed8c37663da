import { NumberInput } from "@mantine/core";

import type { Field } from "../../../ask/schema/fields";
import type { JsonSchema } from "../../../ask/schema/jsonSchema";
import { numberWords } from "../../../ask/schema/words";
import { valueAt } from "../../../ask/schema/values";
import { useForm } from "../QuestionContext";
import { useFieldProps } from "./useFieldProps";

export function NumberField({ field, rules }: { readonly field: Field; readonly rules: JsonSchema }) {
  const { question } = useForm();
  const given = valueAt(question.values, field.path);
  const words = numberWords(rules);
  const fallback =
    typeof field.default === "number"
      ? `${field.default} unless you say otherwise`
      : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return (
    <NumberInput
      {...useFieldProps(field)}
      placeholder={fallback}
      allowDecimal={rules.type !== "integer"}
      // Out of bounds is said, not silently mended.
      clampBehavior="none"
      hideControls
      thousandSeparator=","
      value={typeof given === "number" || typeof given === "string" ? given : ""}
      onChange={(value) => {
        question.set(field, value === "" ? undefined : value);
      }}
    />
  );
}

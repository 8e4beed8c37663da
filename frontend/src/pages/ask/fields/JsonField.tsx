import { JsonInput } from "@mantine/core";
import { useState } from "react";

import type { Field } from "../../../ask/schema/fields";
import { valueAt } from "../../../ask/schema/values";
import { useForm } from "../QuestionContext";
import { useFieldProps } from "./useFieldProps";

/** For what has no control of its own: JSON, checked like everything else. */
export function JsonField({ field }: { readonly field: Field }) {
  const { question } = useForm();
  const { error, ...props } = useFieldProps(field);
  const given = valueAt(question.values, field.path);
  const [text, setText] = useState(given === undefined ? "" : JSON.stringify(given, null, 2));
  const parsed = parse(text);
  const told = parsed.isJson ? error : "This is not JSON.";
  return (
    <JsonInput
      {...props}
      {...(told === undefined ? {} : { error: told })}
      autosize
      minRows={2}
      maxRows={12}
      placeholder={field.default === undefined ? "JSON" : JSON.stringify(field.default)}
      value={text}
      onChange={(typed) => {
        setText(typed);
        const next = parse(typed);
        if (next.isJson) {
          question.set(field, next.value);
        }
      }}
    />
  );
}

function parse(text: string): { readonly isJson: boolean; readonly value?: unknown } {
  if (text.trim() === "") {
    return { isJson: true, value: undefined };
  }
  try {
    return { isJson: true, value: JSON.parse(text) as unknown };
  } catch {
    return { isJson: false };
  }
}

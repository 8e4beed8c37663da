import type { ReactNode } from "react";

import type { Field } from "../../../ask/schema/fields";
import { fieldId, useForm } from "../QuestionContext";
import { Help } from "./Help";

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly description?: ReactNode;
  readonly withAsterisk: boolean;
  readonly error?: string;
}

/** What every control of the form shows around itself. */
export function useFieldProps(field: Field): FieldProps {
  const { errorOf } = useForm();
  const error = errorOf(field);
  return {
    id: fieldId(field),
    label: field.title,
    withAsterisk: field.required,
    ...(field.help === undefined ? {} : { description: <Help text={field.help} title={field.title} /> }),
    ...(error === undefined ? {} : { error }),
  };
}

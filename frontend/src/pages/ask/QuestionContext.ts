import { createContext, use } from "react";

import type { Question } from "../../ask/useQuestion";
import type { Field } from "../../ask/schema/fields";

/** What the fields of the form work with. */
export interface FormState {
  readonly question: Question;
  /** What to say below a field; nothing before it was touched or the question was sent. */
  readonly errorOf: (field: Field) => string | undefined;
}

export const FormContext = createContext<FormState | undefined>(undefined);

export function useForm(): FormState {
  const state = use(FormContext);
  if (!state) {
    throw new Error("there is no FormContext around this component");
  }
  return state;
}

/** The id of a field's control, so that it can be led to. */
export function fieldId({ pointer }: Pick<Field, "pointer">): string {
  return `field${pointer.replaceAll("/", "-")}`;
}

/** Leads to a field: focuses the first thing in it that can be. */
export function focusField(field: Pick<Field, "pointer">): void {
  const place = document.getElementById(fieldId(field));
  const control = place?.matches("input, textarea, button")
    ? place
    : place?.querySelector<HTMLElement>("input, button");
  control?.focus();
  control?.scrollIntoView({ block: "center" });
}

import { ApiProblem } from "../api/problem";
import type { Field } from "./schema/fields";
import { isRecord } from "./schema/jsonSchema";
import { type FieldProblem, NEEDED } from "./schema/validate";
import { withTitles } from "./schema/words";

const PARAMETERS = "/parameters";

/** What the API found wrong, each at its place in the parameters; others keep the place in the request. */
export function toldProblems(error: unknown): FieldProblem[] {
  const told = error instanceof ApiProblem && error.status === 422 ? error.body["errors"] : undefined;
  return Array.isArray(told)
    ? told.flatMap((one: unknown) => {
        const { pointer, detail } = isRecord(one) ? one : {};
        return typeof pointer === "string" && typeof detail === "string"
          ? [{ pointer: pointer.startsWith(`${PARAMETERS}/`) ? pointer.slice(PARAMETERS.length) : pointer, detail }]
          : [];
      })
    : [];
}

/** The problems of one field: at it or at something in it. */
export function problemsAt({ pointer }: Pick<Field, "pointer">, problems: readonly FieldProblem[]): FieldProblem[] {
  return problems.filter((problem) => problem.pointer === pointer || problem.pointer.startsWith(`${pointer}/`));
}

/** The innermost field that a problem is about. */
export function fieldOf(problem: FieldProblem, fields: readonly Field[]): Field | undefined {
  return fields
    .filter((field) => problemsAt(field, [problem]).length > 0)
    .toSorted((left, right) => right.pointer.length - left.pointer.length)[0];
}

/** A problem in the words of the form. */
export function problemWords({ detail }: FieldProblem, field: Field | undefined, all: readonly Field[]): string {
  if (detail === NEEDED && field?.control.kind === "column") {
    return "Choose a column.";
  }
  const words = withTitles(detail, all);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

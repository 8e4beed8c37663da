import { ApiProblem, type ProblemBody } from "../../api/problem";

/** Why a table was refused, for a person. */
export interface Refusal {
  /** Where in the file, as in "Line 3" and "Column 2". */
  readonly places: readonly string[];
  /** What is wrong there and what to do. */
  readonly detail: string;
  /** The sheets to choose from, where the workbook has several. */
  readonly sheets: readonly string[];
}

/** Reads the members that the platform adds to a refusal of a table. */
export function refusalOf(problem: ApiProblem): Refusal {
  const members: Readonly<Record<string, unknown>> = { ...problem.body };
  const places = (["line", "row", "column", "cell"] as const).flatMap((member) => {
    const value = members[member];
    const told = typeof value === "number" || typeof value === "string" ? String(value) : undefined;
    return told === undefined ? [] : [`${member.charAt(0).toUpperCase()}${member.slice(1)} ${told}`];
  });
  const { sheets } = members;
  return {
    places,
    detail: asSentence(problem.message.replace(/^(line|row) \d+: /, "")),
    sheets: Array.isArray(sheets) ? sheets.filter((sheet): sheet is string => typeof sheet === "string") : [],
  };
}

/** The problem that was kept with a resumable upload, as it was answered then. */
export function keptProblem(kept: unknown): ApiProblem | undefined {
  if (typeof kept !== "object" || kept === null || !("type" in kept) || !("title" in kept) || !("status" in kept)) {
    return undefined;
  }
  const body = kept as ProblemBody;
  return new ApiProblem(body.status, body);
}

function asSentence(text: string): string {
  const first = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?)]$/.test(first) ? first : `${first}.`;
}

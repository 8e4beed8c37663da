import { ApiProblem } from "../../api/problem";

/** What is wrong with a recipe, at the step it belongs to. */
export interface RecipeProblem {
  /** Which step, from 0; nothing where it is about the whole. */
  readonly step: number | undefined;
  readonly detail: string;
}

/** What a refused recipe was refused for; empty where the refusal is about something else. */
export function problemsOf(error: unknown): RecipeProblem[] {
  if (!(error instanceof ApiProblem) || !("errors" in error.body) || !Array.isArray(error.body.errors)) {
    return [];
  }
  return error.body.errors.flatMap((told: unknown) => {
    if (typeof told !== "object" || told === null || !("pointer" in told) || !("detail" in told)) {
      return [];
    }
    return [{ step: stepOf(String(told.pointer)), detail: String(told.detail) }];
  });
}

/** What only the rows could tell: the failure of a version begins each problem with its pointer. */
export function problemsInFailure(detail: string): RecipeProblem[] {
  const starts = [...detail.matchAll(/(?:^|; )(\/steps(?:\/[^\s:]*)?): /g)];
  return starts.map((start, index) => ({
    step: stepOf(start[1] ?? ""),
    detail: detail.slice(start.index + start[0].length, starts[index + 1]?.index),
  }));
}

function stepOf(pointer: string): number | undefined {
  const found = /^\/steps\/(\d+)/.exec(pointer)?.[1];
  return found === undefined ? undefined : Number(found);
}

import { ApiProblem, toProblem } from "../../api/problem";
import { keptProblem } from "./refusal";

/** A request of an upload that did not go well. */
export interface Failed {
  readonly method: string;
  /** Nothing, where the platform was not reached. */
  readonly answer:
    { readonly status: number; readonly body: string; readonly retryAfter: string | undefined } | undefined;
}

/** What to do about it. */
export type Verdict =
  /** Try again in a while. */
  | { readonly is: "temporary"; readonly why: string; readonly afterS: number }
  | { readonly is: "refused"; readonly problem: ApiProblem }
  /** The answer does not say: ask what became of the upload. */
  | { readonly is: "unclear" };

const AGAIN_AFTER_S = 5;
/** The platform's disk is nearly full: trying again makes no room. */
export const FULL = 507;
const TEMPORARY = new Set([401, 408, 409, 423, 429]);

export async function verdictOn({ method, answer }: Failed): Promise<Verdict> {
  if (answer === undefined || answer.status === 0) {
    return { is: "temporary", why: "The connection was lost.", afterS: AGAIN_AFTER_S };
  }
  const { status, body, retryAfter } = answer;
  const headers = retryAfter === undefined ? undefined : { "retry-after": retryAfter };
  const problem = await toProblem(new Response(body, { status, ...(headers ? { headers } : {}) }));
  if ((status >= 500 && status !== FULL) || (TEMPORARY.has(status) && !hasTooManyOpen(problem))) {
    return { is: "temporary", why: whyTemporary(problem), afterS: problem.retryAfterS ?? AGAIN_AFTER_S };
  }
  if (method === "HEAD" || status === 404) {
    return { is: "unclear" };
  }
  return { is: "refused", problem: original(problem) };
}

/** Waiting does not help then: one of them must end. */
function hasTooManyOpen({ body }: ApiProblem): boolean {
  return "open" in body;
}

function whyTemporary({ status, body }: ApiProblem): string {
  if (status === 401) {
    return "Your session is over; sign in again.";
  }
  return body.type === "urn:e2i:problem:unknown" ? "The platform does not answer." : (body.detail ?? body.title);
}

/** An upload that had been refused before says so and carries why. */
function original(problem: ApiProblem): ApiProblem {
  return (
    (problem.kind === "upload-refused" && "problem" in problem.body && keptProblem(problem.body.problem)) || problem
  );
}

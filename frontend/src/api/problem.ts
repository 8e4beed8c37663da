import type { components } from "./schema";

/** The body of an answer that says no: RFC 9457, problem+json. */
export type ProblemBody = components["schemas"]["Problem"];

/** An answer of the API that says no, in words for a person. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly body: ProblemBody,
    /** Seconds until it is worth trying again, as the API says. */
    readonly retryAfterS?: number,
  ) {
    super(body.detail ?? body.title);
  }

  /** The kind: the last part of `urn:e2i:problem:not-found`. */
  get kind(): string {
    return this.body.type.split(":").at(-1) ?? "unknown";
  }

  get requestId(): string | undefined {
    return this.body.request_id ?? undefined;
  }
}

/** The platform could not be reached at all. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";

  constructor(options?: ErrorOptions) {
    super("The platform cannot be reached. Check your network; this page tries again by itself.", options);
  }
}

/** Makes an error of an answer that says no, whatever its body is. */
export async function toProblem(response: Response): Promise<ApiProblem> {
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfterS = Number.isFinite(retryAfter) ? retryAfter : undefined;
  const text = await response.text().catch(() => "");
  return new ApiProblem(response.status, parse(text) ?? unknownBody(response), retryAfterS);
}

function parse(text: string): ProblemBody | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isProblem(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === "object" && body !== null && "type" in body && "title" in body && "status" in body;
}

function unknownBody(response: Response): ProblemBody {
  return {
    type: "urn:e2i:problem:unknown",
    title: response.statusText || "The platform answered with an error",
    status: response.status,
    detail: `The platform answered ${response.status} without saying why.`,
    request_id: response.headers.get("x-request-id"),
  };
}

/** Whether trying again later may help. */
export function isTemporary(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ApiProblem && [429, 502, 503, 504].includes(error.status));
}

export function isStatus(error: unknown, ...statuses: number[]): boolean {
  return error instanceof ApiProblem && statuses.includes(error.status);
}

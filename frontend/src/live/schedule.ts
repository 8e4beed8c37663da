import { ApiProblem } from "../api/problem";

/** How a connection ended. */
export type Ending =
  /** Everything has been told: nothing is asked for again. */
  | { readonly kind: "complete" }
  /** The gateway is being replaced. */
  | { readonly kind: "replaced" }
  /** The access token has run out: with a new one it goes on. */
  | { readonly kind: "token_expired" }
  /** Signed out elsewhere, or disabled. */
  | { readonly kind: "session_ended" }
  /** The tab woke up, or the network is back: the old connection is not to be trusted. */
  | { readonly kind: "woken" }
  /** Nothing came for too long. */
  | { readonly kind: "silent" }
  /** The connection broke, or was refused. */
  | { readonly kind: "broken"; readonly error?: unknown };

/** An ending after which the stream is opened anew. */
export type Retried = Exclude<Ending, { readonly kind: "complete" }>;

/** Longest wait between two attempts, before jitter. */
const MAX_DELAY_MS = 30_000;
/** A connection that held this long was a good one. */
export const GOOD_AFTER_MS = 5000;

export interface Wait {
  readonly delayMs: number;
  /** Attempts in a row that came to nothing, this one counted. */
  readonly failures: number;
}

/**
 * When to try again: at once where the platform says so, else after what it told (`retry:`), twice as long each time,
 * and never all tabs of the world at once. An ending that calls for haste but comes again and again waits too.
 */
export function waitAfter(ending: Retried, heldMs: number, failures: number, retryMs: number, random: number): Wait {
  const before = heldMs >= GOOD_AFTER_MS ? 0 : failures;
  const jittered = (ms: number) => Math.round(ms * (0.75 + 0.5 * random));
  switch (ending.kind) {
    case "woken":
      return { delayMs: 0, failures: 0 };
    case "token_expired":
    case "session_ended":
      return { delayMs: before === 0 ? 0 : backoff(before, retryMs, jittered), failures: before + 1 };
    case "replaced":
      // `retry:` is random already: that of another gateway's clients is another.
      return { delayMs: before === 0 ? retryMs : backoff(before, retryMs, jittered), failures: before + 1 };
    case "silent":
    case "broken": {
      const told =
        ending.kind === "broken" && ending.error instanceof ApiProblem ? ending.error.retryAfterS : undefined;
      const delayMs = told === undefined ? backoff(before, retryMs, jittered) : told * 1000 + jittered(retryMs);
      return { delayMs, failures: before + 1 };
    }
  }
}

function backoff(failures: number, retryMs: number, jittered: (ms: number) => number): number {
  return jittered(Math.min(retryMs * 2 ** Math.min(failures, 10), MAX_DELAY_MS));
}

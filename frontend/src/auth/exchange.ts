/**
 * Makes the exchange of a refresh token safe among tabs.
 *
 * A refresh token is good for one exchange; a second one, later than a moment, looks like a thief and ends the session
 * for everybody. So tabs take turns, and one that finds the token already exchanged takes what the other tab got. Where
 * the browser has no locks (a page over plain HTTP that is not on this machine), the moment that the platform allows
 * must do.
 */
import { type SessionShelf, storedSession } from "./stored";

type Fetch = typeof fetch;

const TURN = "e2i.session.exchange";
/** A connection that died silently must not keep the other tabs waiting. */
const ANSWER_WITHIN_MS = 15_000;
/** How long the auth client may take to put the answer away; the turn lasts until then. */
const STORED_WITHIN_MS = 1000;
const POLL_MS = 5;
/**
 * The auth client waits twice as long after each failure; somebody who waits wants the first moment in which the
 * platform is back.
 */
const ATTEMPTS = 10;
const ATTEMPT_PAUSE_MS = 1000;

export interface ExchangeParts {
  readonly send: Fetch;
  readonly locks: Pick<LockManager, "request"> | undefined;
  readonly shelf: SessionShelf;
}

/** A `fetch` for the auth client: refresh tokens are exchanged once among all tabs, all else passes. */
export function exchangingFetch({ send, locks, shelf }: ExchangeParts): Fetch {
  return async (input, init) => {
    const token = tokenToExchange(input, init);
    if (token === undefined) {
      return send(input, init);
    }
    const exchange = () => untilAnswered(() => send(input, { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }));
    return locks ? inTurn(locks, shelf, token, exchange) : exchange();
  };
}

function inTurn(
  locks: Pick<LockManager, "request">,
  shelf: SessionShelf,
  token: string,
  exchange: () => Promise<Response>,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const turn = async () => {
      const stored = storedSession(shelf);
      if (stored && stored.refresh_token !== token) {
        resolve(Response.json(stored));
        return;
      }
      const response = await exchange();
      resolve(response);
      if (response.ok) {
        await replaced(shelf, token);
      }
    };
    locks.request(TURN, turn).catch(reject);
  });
}

/** Tries again while nobody, or nobody behind the proxy, answers. */
async function untilAnswered(send: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    const response = await send().catch(() => undefined);
    if (response && response.status < 500) {
      return retryable(response);
    }
    await pause(ATTEMPT_PAUSE_MS);
  }
  return retryable(await send());
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until `token` is no longer the one that lies there. */
async function replaced(shelf: SessionShelf, token: string): Promise<void> {
  const deadline = Date.now() + STORED_WITHIN_MS;
  while (storedSession(shelf)?.refresh_token === token && Date.now() < deadline) {
    await pause(POLL_MS);
  }
}

function tokenToExchange(input: RequestInfo | URL, init: RequestInit | undefined): string | undefined {
  const url = input instanceof Request ? input.url : input.toString();
  if (!url.includes("grant_type=refresh_token") || typeof init?.body !== "string") {
    return undefined;
  }
  const body: unknown = JSON.parse(init.body);
  const token = typeof body === "object" && body !== null && "refresh_token" in body ? body.refresh_token : undefined;
  return typeof token === "string" ? token : undefined;
}

/** "Too many requests" says nothing about the session: as 503 it does not end it, and is tried again. */
function retryable(response: Response): Response {
  return response.status === 429 ? new Response(response.body, { status: 503, headers: response.headers }) : response;
}

import { type AuthorizedFetch, anonymousFetch } from "../api/fetch";
import type { SessionStore } from "../auth/session";

/** What of a session is needed to show who asks. */
export type Bearer = Pick<SessionStore, "accessToken" | "renewed">;

/** Whoever renews sessions may be what is down: what is open to everybody does not wait for it. */
const TOKEN_WITHIN_MS = 1500;

/**
 * `fetch` for what everybody may ask and some see more of: with the session's token where one is to be had soon, without
 * where the platform is too ill to renew it.
 */
export function openFetch(bearer: Bearer, tokenWithinMs = TOKEN_WITHIN_MS): AuthorizedFetch {
  const soon = (token: Promise<string | undefined>) => within(token, tokenWithinMs);
  return async (input, init) => {
    const request = new Request(input, init);
    const token = await soon(bearer.accessToken());
    if (token === undefined) {
      return anonymousFetch(request);
    }
    const response = await sendWith(token, request.clone());
    if (response.status !== 401) {
      return response;
    }
    const renewed = await soon(bearer.renewed(token));
    if (renewed !== undefined) {
      return sendWith(renewed, request);
    }
    return request.method === "GET" ? anonymousFetch(request) : response;
  };
}

function sendWith(token: string, request: Request): Promise<Response> {
  request.headers.set("authorization", `Bearer ${token}`);
  return anonymousFetch(request);
}

async function within(token: Promise<string | undefined>, ms: number): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, ms);
  });
  try {
    return await Promise.race([token.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}

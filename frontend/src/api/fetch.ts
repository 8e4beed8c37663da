import type { SessionStore } from "../auth/session";
import type { Traceparent } from "./clicks";
import { Unreachable } from "./problem";

/** `fetch` with the session's token: what every request of the app goes through, streams too. */
export type AuthorizedFetch = (input: Request | string, init?: RequestInit) => Promise<Response>;

/**
 * Sends the token along; a refused one is renewed once. A session that is over ends on the sign-in page. Where traces are
 * kept, the request says which it belongs to.
 */
export function authorizedFetch(session: SessionStore, traceparent?: Traceparent): AuthorizedFetch {
  return async (input, init) => {
    const request = new Request(input, init);
    if (traceparent) {
      request.headers.set("traceparent", traceparent());
    }
    const token = await session.accessToken();
    const response = await send(request.clone(), token);
    if (response.status !== 401 || token === undefined) {
      return response;
    }
    const renewed = await session.renewed(token);
    return renewed === undefined ? response : send(request, renewed);
  };
}

async function send(request: Request, token: string | undefined): Promise<Response> {
  if (token !== undefined) {
    request.headers.set("authorization", `Bearer ${token}`);
  }
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw error;
    }
    throw new Unreachable({ cause: error });
  }
}

/** For what needs nobody to be signed in: no session goes along. */
export const anonymousFetch: AuthorizedFetch = (input, init) => send(new Request(input, init), undefined);

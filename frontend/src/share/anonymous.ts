import { createApi } from "../api/client";
import { anonymousFetch } from "../api/fetch";

/**
 * The API for whoever has a link: nobody's session goes along, nothing is kept by the browser, and no site learns where
 * the request came from.
 */
export const anonymousApi = createApi((input, init) =>
  anonymousFetch(input, { ...init, cache: "no-store", referrerPolicy: "no-referrer" }),
);

/** What carries a link's token: a header, which no log and no history keeps. */
export function shareHeader(token: string) {
  return { "X-Share-Token": token } as const;
}

import createClient, { type Client } from "openapi-fetch";

import type { AuthorizedFetch } from "./fetch";
import { toProblem } from "./problem";
import type { paths } from "./schema";

/** The API, with the types of openapi.json. */
export type Api = Client<paths>;

/** A client whose refusals are thrown as {@link ApiProblem}: `data` is there whenever a call returns. */
export function createApi(fetch: AuthorizedFetch): Api {
  const api = createClient<paths>({ baseUrl: window.location.origin, fetch });
  api.use({
    async onResponse({ response }) {
      if (!response.ok) {
        throw await toProblem(response);
      }
    },
  });
  return api;
}

/** The body of an answer; `undefined` only where the API describes none. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const { data } = await answer;
  if (data === undefined || data === null) {
    throw new Error("the platform answered without a body where there should be one");
  }
  return data;
}

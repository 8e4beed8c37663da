import { createContext, use } from "react";

import type { Api } from "../api/client";
import type { PublicConfig } from "../api/config";
import type { AuthorizedFetch } from "../api/fetch";
import type { Arrival } from "../auth/arrival";
import type { SessionStore } from "../auth/session";

/** What every page works with. Made once, in `main.tsx`. */
export interface Platform {
  readonly config: PublicConfig;
  readonly session: SessionStore;
  readonly api: Api;
  /** For what openapi-fetch does not do: uploads, streams, downloads. */
  readonly fetch: AuthorizedFetch;
  /** What the link that opened the app brought along. */
  readonly arrival: Arrival;
}

export const PlatformContext = createContext<Platform | undefined>(undefined);

export function usePlatform(): Platform {
  const platform = use(PlatformContext);
  if (!platform) {
    throw new Error("there is no PlatformContext around this component");
  }
  return platform;
}

export function useApi(): Api {
  return usePlatform().api;
}

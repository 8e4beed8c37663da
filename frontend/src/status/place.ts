import { createContext, use } from "react";

import { type Api, createApi } from "../api/client";
import { type Bearer, openFetch } from "./openFetch";

/** What the Status page works with: less than other pages, as it is shown while the platform is away too. */
export interface StatusPlace {
  readonly api: Api;
  /** Whether there are pages on deployments to lead to. */
  readonly deployments: boolean;
}

export function statusPlace(bearer: Bearer, deployments: boolean): StatusPlace {
  return { api: createApi(openFetch(bearer)), deployments };
}

export const StatusPlaceContext = createContext<StatusPlace | undefined>(undefined);

export function useStatusPlace(): StatusPlace {
  const place = use(StatusPlaceContext);
  if (!place) {
    throw new Error("there is no StatusPlaceContext around this component");
  }
  return place;
}

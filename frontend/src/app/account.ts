import { useSuspenseQuery } from "@tanstack/react-query";

import { body } from "../api/client";
import { keys } from "../api/keys";
import type { components } from "../api/schema";
import { useApi } from "./platform";

export type Account = components["schemas"]["Account"];

/** The caller. The layout has loaded it before any page is drawn, so nothing waits here. */
export function useAccount(): Account {
  const api = useApi();
  return useSuspenseQuery({ queryKey: keys.account, queryFn: () => body(api.GET("/api/v1/account")) }).data;
}

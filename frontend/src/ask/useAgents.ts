import { useQuery } from "@tanstack/react-query";

import { body } from "../api/client";
import { keys } from "../api/keys";
import type { components } from "../api/schema";
import { useApi } from "../app/platform";

export type Agent = components["schemas"]["Agent"];

/** Agents change with the platform's version alone. */
const STALE_MS = 10 * 60_000;

/** The agents there are for the reader; those for analysts alone are asked by people. */
export function useAgents() {
  const api = useApi();
  return useQuery({
    queryKey: keys.agents,
    queryFn: () => body(api.GET("/api/v1/agents")),
    staleTime: STALE_MS,
    select: ({ agents }) => agents.filter(({ audience }) => audience === "analysts"),
  });
}

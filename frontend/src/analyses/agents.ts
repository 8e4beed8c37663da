import { useQuery } from "@tanstack/react-query";

import { body } from "../api/client";
import { keys } from "../api/keys";
import type { components } from "../api/schema";
import { useApi } from "../app/platform";

export type Agent = components["schemas"]["Agent"];

/** All agents, with what they ask for. They change with a release alone. */
export function useAgents() {
  const api = useApi();
  return useQuery({
    queryKey: keys.agents,
    queryFn: async () => (await body(api.GET("/api/v1/agents"))).agents,
    staleTime: Infinity,
  });
}

/** The agent of that name, once the list is there. */
export function useAgent(name: string): Agent | undefined {
  return useAgents().data?.find((agent) => agent.name === name);
}

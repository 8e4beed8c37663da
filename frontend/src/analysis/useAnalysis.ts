import { useQuery } from "@tanstack/react-query";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { useApi } from "../app/platform";
import { useLiveStatus } from "../live/context";
import { isEnded } from "../live/world";
import { isOnItsWay } from "../mlflow/words";

/** Its place in the queue is not among the events. */
const QUEUED_MS = 4000;
/** The events tell of everything else; this is for what they cannot have told. */
const RUNNING_MS = 20_000;
const NOT_LIVE_MS = 4000;
/** Logging comes after the end, and no event tells of it. */
const LOGGING_MS = 5000;

/** One analysis; follows it until it has ended. */
export function useAnalysis(id: string) {
  const api = useApi();
  const status = useLiveStatus();
  return useQuery({
    queryKey: keys.analysis(id),
    queryFn: () => body(api.GET("/api/v1/analyses/{id}", { params: { path: { id } } })),
    enabled: id !== "",
    refetchInterval: ({ state: { data } }) => {
      if (!data || isEnded(data.state)) {
        return data && isOnItsWay(data.mlflow) ? LOGGING_MS : false;
      }
      return data.state === "queued" ? QUEUED_MS : status === "open" ? RUNNING_MS : NOT_LIVE_MS;
    },
  });
}

/** The result, once there is one. It never changes. */
export function useResult(id: string, enabled: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: keys.analysisResult(id),
    queryFn: () => body(api.GET("/api/v1/analyses/{id}/result", { params: { path: { id } } })),
    staleTime: Infinity,
    enabled,
  });
}

export function useAttempts(id: string, enabled: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: keys.analysisAttempts(id),
    queryFn: async () => (await body(api.GET("/api/v1/analyses/{id}/attempts", { params: { path: { id } } }))).attempts,
    enabled,
  });
}

/** What the agent calls itself and its parameters. */
export function useAgent(name: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.agents,
    queryFn: () => body(api.GET("/api/v1/agents")),
    staleTime: 10 * 60_000,
    select: ({ agents }) => agents.find((agent) => agent.name === name),
    enabled: name !== undefined,
  });
}

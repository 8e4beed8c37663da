import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { keys } from "../api/keys";
import { ApiProblem, isTemporary } from "../api/problem";
import { useApi } from "../app/platform";
import { deployerCalls } from "./calls";
import type { DeploymentState } from "./types";
import { isUnderWay, isWatched } from "./words";

/** While something is under way. */
const BUSY_MS = 2000;
/** While nothing is: a push may come any time. */
const QUIET_MS = 10_000;
const PAGE = 20;

/** That the deployer is away is told by its own pages, and means nothing for the rest. */
const OWN_NOTICE = { ownNotice: true } as const;

/** The deployer's API, as a hook. */
export function useDeployer() {
  const api = useApi();
  return useMemo(() => deployerCalls(api), [api]);
}

/** Everything at a glance; asked for again all the time. */
export function useOverview() {
  const deployer = useDeployer();
  return useQuery({
    queryKey: keys.deploymentsOverview,
    queryFn: () => deployer.overview(),
    meta: OWN_NOTICE,
    refetchInterval: ({ state: { data } }) => (data?.running || data?.pending ? BUSY_MS : QUIET_MS),
  });
}

/** All deployments, as many as were asked for, newest first. */
export function useDeployments(state: DeploymentState | undefined) {
  const deployer = useDeployer();
  return useInfiniteQuery({
    queryKey: keys.deploymentList({ state }),
    queryFn: ({ pageParam }) => deployer.list(PAGE, state, pageParam === "" ? undefined : pageParam),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    meta: OWN_NOTICE,
  });
}

/** One deployment; asked for again while it is under way, as its stream may be interrupted. */
export function useDeployment(id: number) {
  const deployer = useDeployer();
  return useQuery({
    queryKey: keys.deployment(id),
    queryFn: () => deployer.one(id),
    meta: OWN_NOTICE,
    refetchInterval: ({ state: { data } }) =>
      data && (isUnderWay(data.state) || isWatched(data, Date.now())) ? BUSY_MS : QUIET_MS,
  });
}

/** What a deploy of this would do now. */
export function usePlan(reference: string) {
  const deployer = useDeployer();
  return useQuery({
    queryKey: keys.deploymentPlan(reference),
    queryFn: () => deployer.plan(reference),
    enabled: reference !== "",
    meta: OWN_NOTICE,
    // It fetches from the repository: once for each look.
    staleTime: 60_000,
    gcTime: 0,
    retry: false,
  });
}

interface Asked {
  readonly error: unknown;
  readonly failureReason: unknown;
}

/** Whether nobody answers for the deployer, as far as the last try tells; the platform itself does. */
export function isDeployerAway({ error, failureReason }: Asked): boolean {
  const last = failureReason ?? error;
  return last instanceof ApiProblem && last.status !== 429 && isTemporary(last);
}

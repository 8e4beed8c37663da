import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";

import { keys } from "../../api/keys";
import { type Platform, usePlatform } from "../../app/platform";
import { withState, withStep } from "../merge";
import type { Deployment } from "../types";
import { isUnderWay } from "../words";
import { type FollowStatus, Follower } from "./follower";
import type { LogShown } from "./lines";

/** Follows one deployment while the page is open; what it tells goes into the query cache. */
export function useFollower({ id, state }: Pick<Deployment, "id" | "state">): Follower {
  const { fetch, session } = usePlatform();
  const client = useQueryClient();
  const follower = useMemo(() => followerOf(id, { fetch, session }, client), [id, fetch, session, client]);
  useEffect(() => {
    follower.start();
    return () => {
      follower.stop();
    };
  }, [follower]);
  useEffect(() => {
    if (isUnderWay(state)) {
      follower.goOn();
    }
  }, [follower, state]);
  return follower;
}

function followerOf(id: number, { fetch, session }: Pick<Platform, "fetch" | "session">, client: QueryClient) {
  const change = (by: (deployment: Deployment) => Deployment) => {
    client.setQueryData<Deployment>(keys.deployment(id), (before) => before && by(before));
  };
  return new Follower({
    id,
    fetch,
    session,
    onStep: (step) => {
      change((before) => withStep(before, step));
    },
    onState: (summary) => {
      const before = client.getQueryData<Deployment>(keys.deployment(id));
      change((deployment) => withState(deployment, summary));
      if (before?.state !== summary.state) {
        // What can be done with it, its gate and the lists are not among the events.
        void client.invalidateQueries({ queryKey: keys.deployments });
      }
    },
  });
}

export function useLogShown({ lines }: Follower): LogShown {
  return useSyncExternalStore(lines.subscribe, lines.shown);
}

export function useFollowStatus(follower: Follower): FollowStatus {
  return useSyncExternalStore(follower.subscribe, follower.status);
}

import { useInfiniteQuery } from "@tanstack/react-query";

import { body } from "../api/client";
import { keys } from "../api/keys";
import type { components } from "../api/schema";
import { useApi } from "../app/platform";

const PAGE = 200;

/** What of a workspace's analyses to list; what is left out is no condition. */
export interface AnalysisFilter {
  readonly workspaceId: string;
  readonly state?: components["schemas"]["JobState"];
  readonly agent?: string;
  readonly dataset?: string;
}

/** The analyses of a workspace, newest first, page after page. */
export function useAnalyses(filter: AnalysisFilter) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: keys.analysisList(filter),
    queryFn: ({ pageParam }) => {
      const { workspaceId, state, agent, dataset } = filter;
      const query = {
        workspace_id: workspaceId,
        limit: PAGE,
        ...(state ? { state } : {}),
        ...(agent ? { agent } : {}),
        ...(dataset ? { dataset_id: dataset } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return body(api.GET("/api/v1/analyses", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
}

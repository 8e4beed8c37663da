import { useQuery } from "@tanstack/react-query";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";

const RECENT_ANALYSES = 12;
const RECENT_DATASETS = 5;

/** The newest of a workspace; the live stream keeps the analyses up to date. */
export function useOverview(workspaceId: string) {
  const api = useApi();
  const analyses = useQuery({
    queryKey: keys.analysisList({ workspaceId, recent: RECENT_ANALYSES }),
    queryFn: async () => {
      const query = { workspace_id: workspaceId, limit: RECENT_ANALYSES };
      return (await body(api.GET("/api/v1/analyses", { params: { query } }))).analyses;
    },
  });
  const datasets = useQuery({
    queryKey: keys.datasetList({ workspaceId, recent: RECENT_DATASETS }),
    queryFn: async () => {
      const query = { workspace_id: workspaceId, limit: RECENT_DATASETS };
      return (await body(api.GET("/api/v1/datasets", { params: { query } }))).datasets;
    },
  });
  return { analyses, datasets };
}

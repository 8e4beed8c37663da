import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { body } from "../api/client";
import { keys } from "../api/keys";
import type { components } from "../api/schema";
import { useApi } from "../app/platform";

export type Dataset = components["schemas"]["Dataset"];
export type DatasetSummary = components["schemas"]["DatasetSummary"];
export type ColumnType = components["schemas"]["ColumnType"];
export type ColumnProfile = components["schemas"]["ColumnProfile"];
export type Analysis = components["schemas"]["Analysis"];

const PAGE = 100;
const MOST = 200;
const REFRESH_MS = 1500;

/** Whether something is being done to it that ends by itself. */
export function isChanging({ state }: Pick<DatasetSummary, "state">): boolean {
  return state === "uploading" || state === "profiling";
}

/** Whether its rows are there: analyses may use it, it can be looked at, downloaded and made anew. */
export function isReadable({ state, rows }: Pick<DatasetSummary, "state" | "rows">): boolean {
  return state === "profiling" || state === "ready" || (state === "failed" && typeof rows === "number");
}

/** The newest version of every dataset of a workspace, of which `sought` is in the name; read again while one changes. */
export function useDatasets(workspaceId: string, sought = "") {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: keys.datasetList({ workspaceId, sought }),
    queryFn: ({ pageParam }) => {
      const query = {
        workspace_id: workspaceId,
        limit: PAGE,
        ...(sought ? { search: sought } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return body(api.GET("/api/v1/datasets", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    // While another name is looked for, what was found stays; of another workspace nothing does.
    placeholderData: (held, query) => (isOf(query?.queryKey[2], workspaceId) ? held : undefined),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ datasets }) => datasets.some(isChanging)) ? REFRESH_MS : false,
  });
}

function isOf(filter: object | undefined, workspaceId: string): boolean {
  return filter !== undefined && "workspaceId" in filter && filter.workspaceId === workspaceId;
}

/** What uses a version and what was made from it. */
export function useDependents(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.datasetDependents(id),
    queryFn: () => body(api.GET("/api/v1/datasets/{id}/dependents", { params: { path: { id } } })),
    staleTime: 0,
  });
}

/** The newest version of that name, if there is one. */
export function useNewestNamed(workspaceId: string, name: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.datasetList({ workspaceId, name, newest: true }),
    queryFn: async () => {
      const query = { workspace_id: workspaceId, name, limit: 1 };
      const { datasets } = await body(api.GET("/api/v1/datasets", { params: { query } }));
      return datasets[0] ?? null;
    },
    enabled: name !== "",
  });
}

/** One version, with columns and profile; read again until it no longer changes. */
export function useDataset(id: string, enabled = true) {
  const api = useApi();
  return useQuery({
    queryKey: keys.dataset(id),
    queryFn: () => body(api.GET("/api/v1/datasets/{id}", { params: { path: { id } } })),
    enabled,
    refetchInterval: ({ state }) => (state.data && isChanging(state.data) ? REFRESH_MS : false),
  });
}

/** All versions of what a dataset is one of, newest first. */
export function useVersions(id: string, enabled = true) {
  const api = useApi();
  return useQuery({
    queryKey: keys.datasetVersions(id),
    enabled,
    queryFn: () =>
      body(api.GET("/api/v1/datasets/{id}/versions", { params: { path: { id }, query: { limit: MOST } } })),
    refetchInterval: ({ state }) => (state.data?.datasets.some(isChanging) ? REFRESH_MS : false),
  });
}

export function usePreview(id: string, rows: number, enabled: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: [...keys.datasetPreview(id), rows],
    queryFn: () => body(api.GET("/api/v1/datasets/{id}/preview", { params: { path: { id }, query: { rows } } })),
    // The rows of a version never change.
    staleTime: Infinity,
    enabled,
  });
}

/** The newest analyses of a dataset. */
export function useAnalysesOf(datasetId: string, limit: number) {
  const api = useApi();
  return useQuery({
    queryKey: keys.analysisList({ dataset_id: datasetId, limit }),
    queryFn: () => body(api.GET("/api/v1/analyses", { params: { query: { dataset_id: datasetId, limit } } })),
  });
}

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { useApi } from "../app/platform";
import { type Filter, merged } from "./merge";

const HEAD = 50;
const PAGE = 200;

/** The newest analyses; read again whenever the stream tells of something new. */
export function useNewest(filter: Filter, limit = HEAD) {
  const api = useApi();
  return useQuery({
    queryKey: keys.analysisList({ ...filter, limit }),
    queryFn: async () =>
      (await body(api.GET("/api/v1/analyses", { params: { query: queryOf(filter, limit) } }))).analyses,
  });
}

/** All analyses, as many as were scrolled to. */
export function useAnalyses(filter: Filter) {
  const api = useApi();
  const newest = useNewest(filter);
  const pages = useInfiniteQuery({
    // Not among the lists that are read again whenever something happens: with 10,000 analyses that is 50 requests.
    queryKey: [...keys.analyses, "pages", filter],
    queryFn: ({ pageParam }) => {
      const query = { ...queryOf(filter, PAGE), ...(pageParam === "" ? {} : { cursor: pageParam }) };
      return body(api.GET("/api/v1/analyses", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    staleTime: Infinity,
    // Pages never come twice: comparing all of them with every new one would take longer than drawing it.
    structuralSharing: false,
    // Begun anew with each visit: what was deleted elsewhere is gone then.
    gcTime: 0,
  });
  const read = pages.data;
  const { analyses, hasGap } = useMemo(
    () => merged(newest.data, read?.pages.flatMap((page) => page.analyses) ?? [], filter),
    [newest.data, read, filter],
  );
  const { refetch } = pages;
  useEffect(() => {
    if (hasGap) {
      void refetch();
    }
  }, [hasGap, refetch]);
  return { analyses, newest, pages };
}

function queryOf({ workspaceId, state, agent, datasetId }: Filter, limit: number) {
  return {
    workspace_id: workspaceId,
    limit,
    ...(state === undefined ? {} : { state }),
    ...(agent === undefined ? {} : { agent }),
    ...(datasetId === undefined ? {} : { dataset_id: datasetId }),
  };
}

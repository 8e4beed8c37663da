import { useQuery } from "@tanstack/react-query";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { useApi } from "../app/platform";
import { isChanging } from "../data/datasets";
import type { Dataset } from "../data/datasets";
import type { Column } from "./columns";

const REFRESH_MS = 1500;

/** The table to ask, with its profile as soon as that is there. */
export function useDataset(id: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.dataset(id ?? ""),
    queryFn: () => body(api.GET("/api/v1/datasets/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && isChanging(state.data) ? REFRESH_MS : false),
  });
}

/** The analysis to begin from. */
export function useCloned(id: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.analysis(id ?? ""),
    queryFn: () => body(api.GET("/api/v1/analyses/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: id !== undefined,
  });
}

/** The columns of a table, with what is known of each. */
export function columnsOf({ schema, profile }: Dataset): Column[] {
  const profiles = new Map((profile?.columns ?? []).map((column) => [column.name, column]));
  return (schema?.columns ?? []).map(({ name, type, missing }) => {
    const known = profiles.get(name);
    return { name, type, missing: known?.missing ?? missing, ...(known ? { profile: known } : {}) };
  });
}

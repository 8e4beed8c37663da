import { useQueries } from "@tanstack/react-query";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { useApi } from "../app/platform";
import type { DatasetSummary } from "../data/datasets";
import { sameQuestion } from "./comparison";
import type { Analysis } from "./question";

/** So many older versions are searched. */
const VERSIONS = 5;
const ANALYSES = 100;

/** The same question asked of an earlier version of the data, the latest such: so that what changed can be shown. */
export function useTwin(analysis: Analysis, versions: readonly DatasetSummary[]) {
  const api = useApi();
  const used = versions.find(({ id }) => id === analysis.dataset_id);
  const older = versions
    .filter(({ version }) => used && version < used.version)
    .sort((a, b) => b.version - a.version)
    .slice(0, VERSIONS);
  return useQueries({
    queries: older.map(({ id }) => {
      const query = { dataset_id: id, agent: analysis.agent, state: "succeeded", limit: ANALYSES } as const;
      return {
        queryKey: keys.analysisList(query),
        queryFn: () => body(api.GET("/api/v1/analyses", { params: { query } })),
        enabled: analysis.state === "succeeded",
        staleTime: 60_000,
      };
    }),
    combine(results) {
      for (const [index, { data }] of results.entries()) {
        const twin = data?.analyses.find((one) => sameQuestion(one, analysis));
        const version = older[index];
        if (twin && version) {
          return { id: twin.id, version: version.version };
        }
      }
      return undefined;
    },
  });
}

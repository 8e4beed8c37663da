import { useVersions } from "../data/datasets";

/** The newest version of the dataset that was analysed, where it is a newer one and can be analysed. */
export function useNewerVersion(datasetId: string | null | undefined) {
  const versions = useVersions(datasetId ?? "", typeof datasetId === "string");
  const all = versions.data?.datasets ?? [];
  const used = all.find(({ id }) => id === datasetId);
  const newest = all.filter(({ state }) => state === "ready").sort((a, b) => b.version - a.version)[0];
  return { all, used, newer: used && newest && newest.version > used.version ? newest : undefined };
}

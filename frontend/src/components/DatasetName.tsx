import { Text } from "@mantine/core";

import { isStatus } from "../api/problem";
import { useDataset } from "../data/datasets";
import { LinkAnchor } from "./links";

/** A dataset by its name and version, as far as it still exists. */
export function DatasetName({ id }: { readonly id: string }) {
  const { data, error } = useDataset(id);
  if (!data) {
    return (
      <Text span size="sm" c="dimmed">
        {error ? (isStatus(error, 404) ? "deleted" : "unknown") : "…"}
      </Text>
    );
  }
  return (
    <LinkAnchor to="/data/$id" params={{ id }} size="sm" style={{ overflowWrap: "anywhere" }}>
      {data.name} v{data.version}
    </LinkAnchor>
  );
}

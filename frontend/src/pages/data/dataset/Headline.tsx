import { Group, Text } from "@mantine/core";

import { LinkAnchor } from "../../../components/links";
import { Person } from "../../../components/Person";
import { Time } from "../../../components/Time";
import { counted } from "../../../data/columns";
import type { Dataset } from "../../../data/datasets";
import { formatBytes } from "../../../format";
import { DatasetState } from "../DatasetState";

/** What a version is, in one line: how large, whose, from when, from what. */
export function Headline({ dataset }: { readonly dataset: Dataset }) {
  const { version, rows, column_count, size_bytes, derived_from, created_by, created_at, workspace_id } = dataset;
  return (
    <Group gap="xs" mt={4} style={{ rowGap: 4 }}>
      <DatasetState dataset={dataset} />
      <Text size="sm">
        Version {version}
        {typeof rows === "number" && ` · ${counted(rows, "row")}, ${counted(column_count ?? 0, "column")}`}
        {typeof size_bytes === "number" && ` · ${formatBytes(size_bytes)}`}
        {derived_from ? " · made from " : " · uploaded by "}
        {derived_from && (
          <>
            <LinkAnchor to="/data/$id" params={{ id: derived_from.id }} underline="always">
              version {derived_from.version}
            </LinkAnchor>
            {" by "}
          </>
        )}
        <Person id={created_by} workspaceId={workspace_id} /> <Time at={created_at} ago />
      </Text>
    </Group>
  );
}

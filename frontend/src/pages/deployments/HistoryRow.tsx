import { Box, Table, Text } from "@mantine/core";

import { CommitLine } from "./CommitLine";
import { DeploymentBadge } from "./DeploymentBadge";
import { Backticks } from "../../components/Backticks";
import { LinkAnchor } from "../../components/links";
import { Time } from "../../components/Time";
import type { Summary } from "../../deployments/types";
import { askedBy, commitWords, kindWords, took } from "../../deployments/words";

/** One deployment of the list. */
export function HistoryRow({ summary }: { readonly summary: Summary }) {
  const { id, kind, state, commit, created_at: createdAt, seconds, reason, forced } = summary;
  return (
    <Table.Tr>
      <Table.Td style={{ verticalAlign: "top" }}>#{id}</Table.Td>
      <Table.Td style={{ verticalAlign: "top", overflowWrap: "anywhere", minWidth: 130 }}>
        <Box hiddenFrom="sm" mb={4}>
          <DeploymentBadge state={state} />
        </Box>
        <LinkAnchor to="/deployments/$id" params={{ id: String(id) }} size="sm" fw={600}>
          {commitWords(commit)}
        </LinkAnchor>
        <CommitLine commit={commit} />
        {(kind !== "deploy" || forced) && (
          <Text size="xs">
            {kind !== "deploy" && kindWords(summary)}
            {forced && (kind === "deploy" ? "Forced" : ", forced")}
          </Text>
        )}
        {reason && (
          <Text size="xs" maw={620}>
            <Backticks text={reason} />
          </Text>
        )}
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          <Time at={createdAt} ago />, {askedBy(summary)}
          {took(seconds) && `, took ${took(seconds) ?? ""}`}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ verticalAlign: "top" }}>
        <DeploymentBadge state={state} />
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ verticalAlign: "top" }}>
        <Time at={createdAt} ago />
        <Text size="xs" c="dimmed">
          {askedBy(summary)}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right" style={{ verticalAlign: "top", whiteSpace: "nowrap" }}>
        {took(seconds) ?? "–"}
      </Table.Td>
    </Table.Tr>
  );
}

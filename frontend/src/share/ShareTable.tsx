import { Badge, Button, Table, Text, VisuallyHidden } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { keys } from "../api/keys";
import { useApi } from "../app/platform";
import { notifyDone, notifyProblem } from "../components/notify";
import { ScrollRegion } from "../components/ScrollRegion";
import { Time } from "../components/Time";
import { useNow } from "../components/useNow";
import { STANDINGS, type Share, standingOf } from "./standing";

interface Props {
  readonly analysisId: string;
  readonly shares: readonly Share[];
  readonly mayRevoke: boolean;
}

/** The links that were made, ended ones included. */
export function ShareTable({ analysisId, shares, mayRevoke }: Props) {
  if (shares.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nobody has made a link to this analysis yet.
      </Text>
    );
  }
  return (
    <ScrollRegion label="Links to this analysis" maxHeight={320}>
      <Table miw={600} fz="sm" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Made by</Table.Th>
            <Table.Th scope="col">Works until</Table.Th>
            <Table.Th scope="col">Last opened</Table.Th>
            <Table.Th scope="col">State</Table.Th>
            <Table.Th scope="col">
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shares.map((share) => (
            <ShareRow key={share.id} analysisId={analysisId} share={share} mayRevoke={mayRevoke} />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  );
}

interface RowProps extends Pick<Props, "analysisId" | "mayRevoke"> {
  readonly share: Share;
}

function ShareRow({ analysisId, share, mayRevoke }: RowProps) {
  const api = useApi();
  const queryClient = useQueryClient();
  const now = useNow();
  const standing = standingOf(share, now);
  const maker = share.created_by_email ?? "somebody";
  const revoke = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/analyses/{id}/shares/{share_id}", {
        params: { path: { id: analysisId, share_id: share.id } },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.analysisShares(analysisId) });
      notifyDone("The link no longer works.");
    },
    onError: (error) => {
      notifyProblem("The link was not revoked", error);
    },
  });
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: "anywhere" }}>
        {maker}
        <Text size="xs" c="dimmed" component="div">
          <Time at={share.created_at} ago />
        </Text>
      </Table.Td>
      <Table.Td>
        <Time at={share.expires_at} />
      </Table.Td>
      <Table.Td>{share.last_opened_at ? <Time at={share.last_opened_at} ago /> : "never"}</Table.Td>
      <Table.Td>
        <Badge variant="light" tt="none" color={STANDINGS[standing].color}>
          {STANDINGS[standing].label}
        </Badge>
      </Table.Td>
      <Table.Td ta="right">
        {mayRevoke && standing === "works" && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            loading={revoke.isPending}
            aria-label={`Revoke the link of ${maker}`}
            onClick={() => {
              revoke.mutate();
            }}
          >
            Revoke
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

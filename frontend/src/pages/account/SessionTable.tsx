import { Badge, Button, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { keys } from "../../api/keys";
import type { components } from "../../api/schema";
import { useApi } from "../../app/platform";
import { notifyDone, notifyProblem } from "../../components/notify";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Time } from "../../components/Time";

type Session = components["schemas"]["Session"];

export function SessionTable({ sessions }: { readonly sessions: readonly Session[] }) {
  return (
    <ScrollRegion label="Sessions" maxHeight={420}>
      <Table miw={560} verticalSpacing="xs" fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Where</Table.Th>
            <Table.Th scope="col">Signed in</Table.Th>
            <Table.Th scope="col">Last used</Table.Th>
            <Table.Th scope="col">Ends, unless used</Table.Th>
            <Table.Th scope="col">
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  );
}

function SessionRow({ session }: { readonly session: Session }) {
  const { id, device, is_current, signed_in_at, last_used_at, expires_at } = session;
  const api = useApi();
  const queryClient = useQueryClient();
  const end = useMutation({
    mutationFn: () => api.DELETE("/api/v1/account/sessions/{id}", { params: { path: { id } } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.sessions });
      notifyDone(`The session on ${device} is ended.`);
    },
    onError: (error) => {
      notifyProblem("It was not ended", error);
    },
  });
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text size="sm" title={session.user_agent ?? undefined}>
            {device}
          </Text>
          {is_current && (
            <Badge variant="light" tt="none">
              This one
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        <Time at={signed_in_at} />
      </Table.Td>
      <Table.Td>
        <Time at={last_used_at} ago />
      </Table.Td>
      <Table.Td>
        <Time at={expires_at} />
      </Table.Td>
      <Table.Td ta="right">
        {!is_current && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            loading={end.isPending}
            aria-label={`End the session on ${device}`}
            onClick={() => {
              end.mutate();
            }}
          >
            End
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

import { Button, Code, Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import type { components } from "../../api/schema";
import { useApi } from "../../app/platform";
import { Empty } from "../../components/Empty";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { Time } from "../../components/Time";
import { AuditFilters } from "./AuditFilters";
import { auditQuery, detailWords } from "./auditFilter";
import { useEveryUser } from "./everyUser";

type Line = components["schemas"]["AuditLine"];

const PAGE = 50;

/** Who did what on the whole platform, newest first. */
export function AuditLog() {
  const api = useApi();
  const { actor, action, target, since, until } = useSearch({ from: "/signed-in/users" });
  const filter = { actor, action, target, since, until };
  const asked = auditQuery(filter);
  const users = useEveryUser();
  const log = useInfiniteQuery({
    queryKey: keys.auditLog(asked),
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/api/v1/admin/audit", {
          params: { query: { ...asked, limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
  const emails = new Map((users.data ?? []).map(({ id, email }) => [id, email]));
  const lines = log.data?.pages.flatMap((page) => page.lines) ?? [];

  return (
    <Stack gap="md">
      <AuditFilters filter={filter} users={users.data ?? []} />
      {log.isError && <Problem error={log.error} onRetry={() => void log.refetch()} />}
      {log.isPending && <Loading what="Loading the audit log" lines={8} />}
      {log.isSuccess && lines.length === 0 && (
        <Empty title="Nothing of that kind was done">Loosen the filters above to see more of the log.</Empty>
      )}
      {lines.length > 0 && <Lines lines={lines} emails={emails} />}
      {log.hasNextPage && (
        <Button variant="default" w="fit-content" loading={log.isFetchingNextPage} onClick={() => log.fetchNextPage()}>
          Show older lines
        </Button>
      )}
    </Stack>
  );
}

function Lines({ lines, emails }: { readonly lines: readonly Line[]; readonly emails: ReadonlyMap<string, string> }) {
  const named = (id: string) => emails.get(id) ?? id;
  return (
    <Table.ScrollContainer minWidth={860} type="native">
      <Table verticalSpacing={6} fz="sm" striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">When</Table.Th>
            <Table.Th scope="col">Who</Table.Th>
            <Table.Th scope="col">Did</Table.Th>
            <Table.Th scope="col">To</Table.Th>
            <Table.Th scope="col">Detail</Table.Th>
            <Table.Th scope="col">Request</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line, index) => (
            <Table.Tr key={`${line.at}-${index}`}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                <Time at={line.at} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                {line.actor ? named(line.actor) : <Text size="sm">the platform</Text>}
              </Table.Td>
              <Table.Td>
                <Code>{line.action}</Code>
              </Table.Td>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{line.target ? named(line.target) : ""}</Table.Td>
              <Table.Td style={{ overflowWrap: "anywhere" }} c="dimmed">
                {detailWords(line.detail)}
              </Table.Td>
              <Table.Td>{line.request_id && <Code fz={11}>{line.request_id.slice(0, 8)}</Code>}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

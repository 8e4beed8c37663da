import { Button, Code, CopyButton, Stack, Table, UnstyledButton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import type { components } from "../../api/schema";
import { useApi } from "../../app/platform";
import { Empty } from "../../components/Empty";
import { LinkAnchor } from "../../components/links";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Time } from "../../components/Time";
import { AuditFilters } from "./AuditFilters";
import { auditQuery, detailWords, shortIds } from "./auditFilter";
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
  return (
    <ScrollRegion label="Audit log">
      <Table miw={860} verticalSpacing={6} fz="sm" striped>
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
              <Table.Td>
                {line.actor ? (emails.get(line.actor) ?? <ShortId id={line.actor} />) : "the platform"}
              </Table.Td>
              <Table.Td>
                <Code>{line.action}</Code>
              </Table.Td>
              <Table.Td>{line.target && <Target id={line.target} email={emails.get(line.target)} />}</Table.Td>
              <Table.Td c="dimmed" title={detailWords(line.detail)}>
                {shortIds(detailWords(line.detail))}
              </Table.Td>
              <Table.Td>{line.request_id && <ShortId id={line.request_id} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  );
}

/** To whom or what; leads to all that was done to it. */
function Target({ id, email }: { readonly id: string; readonly email: string | undefined }) {
  return (
    <LinkAnchor to="/users" search={{ tab: "audit", target: id }} size="sm" title={`Everything that was done to ${id}`}>
      {email ?? shortIds(id)}
    </LinkAnchor>
  );
}

/** Copied whole by a click. */
function ShortId({ id }: { readonly id: string }) {
  return (
    <CopyButton value={id}>
      {({ copied, copy }) => (
        <UnstyledButton onClick={copy} title={id} aria-label={`Copy ${id}`}>
          <Code>{copied ? "copied" : id.slice(0, 8)}</Code>
        </UnstyledButton>
      )}
    </CopyButton>
  );
}

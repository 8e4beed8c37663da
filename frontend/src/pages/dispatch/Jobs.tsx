import { Button, SegmentedControl, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import { type Api, body } from "../../api/client";
import { keys } from "../../api/keys";
import type { components } from "../../api/schema";
import { useApi } from "../../app/platform";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Section } from "../../components/Section";
import { useEveryUser } from "../users/everyUser";
import { JobRow } from "./JobRow";

export type AdminJob = components["schemas"]["AdminJob"];

const REFRESH_MS = 3000;
const PAGE = 25;

const LISTS = {
  running: { label: "Running", empty: "Nothing runs at present.", since: "Since" },
  queued: { label: "Waiting", empty: "Nothing waits at present.", since: "Submitted" },
  dead: { label: "Given up", empty: "Nothing was given up: every job ended by itself.", since: "Ended" },
} as const;
export type JobListName = keyof typeof LISTS;

/** Jobs of all workspaces, by how they stand. */
export function Jobs() {
  const api = useApi();
  const [list, setList] = useState<JobListName>("running");
  const users = useEveryUser();
  const jobs = useInfiniteQuery({
    queryKey: keys.jobs({ list }),
    queryFn: ({ pageParam }) => fetchJobs(api, list, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
  const emails = new Map((users.data ?? []).map(({ id, email }) => [id, email]));
  const shown = jobs.isPlaceholderData ? [] : (jobs.data?.pages.flatMap((page) => page.jobs) ?? []);

  return (
    <Section
      title="Jobs"
      about="Analyses of all workspaces. Given up: their process died three times, or their workers vanished."
      actions={
        <SegmentedControl
          aria-label="Which jobs"
          size="xs"
          value={list}
          onChange={(value) => {
            setList(value as JobListName);
          }}
          data={Object.entries(LISTS).map(([value, { label }]) => ({ value, label }))}
        />
      }
    >
      <Stack gap="sm">
        {jobs.isError && <Problem error={jobs.error} onRetry={() => void jobs.refetch()} />}
        {(jobs.isPending || jobs.isPlaceholderData) && <Loading what="Loading the jobs" lines={3} />}
        {jobs.isSuccess && !jobs.isPlaceholderData && shown.length === 0 && (
          <Text size="sm" c="dimmed">
            {LISTS[list].empty}
          </Text>
        )}
        {shown.length > 0 && (
          <ScrollRegion label="Jobs">
            <Table miw={720} fz="sm" verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">Agent</Table.Th>
                  <Table.Th scope="col">Asked by</Table.Th>
                  <Table.Th scope="col">Place</Table.Th>
                  <Table.Th scope="col">{LISTS[list].since}</Table.Th>
                  <Table.Th scope="col">Attempts</Table.Th>
                  <Table.Th scope="col">
                    <VisuallyHidden>Actions</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {shown.map((job) => (
                  <JobRow key={job.id} job={job} list={list} owner={emails.get(job.created_by) ?? job.created_by} />
                ))}
              </Table.Tbody>
            </Table>
          </ScrollRegion>
        )}
        {jobs.hasNextPage && (
          <Button variant="default" size="xs" w="fit-content" onClick={() => jobs.fetchNextPage()}>
            Show more
          </Button>
        )}
      </Stack>
    </Section>
  );
}

function fetchJobs(api: Api, list: JobListName, cursor: string | undefined) {
  const page = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
  return list === "dead"
    ? body(api.GET("/api/v1/admin/dead-letters", { params: { query: page } }))
    : body(api.GET("/api/v1/admin/jobs", { params: { query: { ...page, state: list } } }));
}

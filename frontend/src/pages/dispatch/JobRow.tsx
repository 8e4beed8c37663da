import { Button, Code, Group, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";
import { confirm } from "../../components/confirm";
import { notifyDone, notifyProblem } from "../../components/notify";
import { Time } from "../../components/Time";
import { JobAttempts } from "./JobAttempts";
import type { AdminJob, JobListName } from "./Jobs";

interface Props {
  readonly job: AdminJob;
  readonly list: JobListName;
  readonly owner: string;
}

/** One job, and what an admin may do about it. */
export function JobRow({ job, list, owner }: Props) {
  const [looking, setLooking] = useState(false);
  const { cancel, retry } = useJobActions(job);
  const since = list === "running" ? job.started_at : list === "queued" ? job.created_at : job.finished_at;
  return (
    <Table.Tr>
      <Table.Td>
        {job.agent}{" "}
        <Code fz={11} title={job.id}>
          {job.id.slice(0, 8)}
        </Code>
        {job.failure && (
          <Text size="xs" c="dimmed" maw={420}>
            {job.failure.detail}
          </Text>
        )}
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{owner}</Table.Td>
      <Table.Td>
        {job.class}, {job.priority}
      </Table.Td>
      <Table.Td>{since ? <Time at={since} ago /> : ""}</Table.Td>
      <Table.Td>
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={`Attempts of ${job.agent} ${job.id.slice(0, 8)}`}
          onClick={() => {
            setLooking(true);
          }}
        >
          {job.attempt}
          {job.crash_count > 0 && `, ${job.crash_count} crashed`}
        </Button>
        <JobAttempts
          job={job}
          opened={looking}
          onClose={() => {
            setLooking(false);
          }}
        />
      </Table.Td>
      <Table.Td>
        <Group gap={4} justify="flex-end" wrap="nowrap">
          {list === "dead" ? (
            <Button
              size="compact-xs"
              variant="default"
              loading={retry.isPending}
              onClick={() => {
                retry.mutate();
              }}
            >
              Try again
            </Button>
          ) : (
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              disabled={job.cancel_requested}
              loading={cancel.isPending}
              onClick={async () => {
                const words = `${owner} asked for it. They can try again; what was computed so far is lost.`;
                if (await confirm({ title: "Cancel this job?", words, verb: "Cancel the job", danger: true })) {
                  cancel.mutate();
                }
              }}
            >
              {job.cancel_requested ? "Being cancelled" : "Cancel"}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function useJobActions({ id }: AdminJob) {
  const api = useApi();
  const queryClient = useQueryClient();
  const params = { path: { id } };
  const forget = () => queryClient.invalidateQueries({ queryKey: keys.dispatch });
  const cancel = useMutation({
    mutationFn: () => api.POST("/api/v1/admin/jobs/{id}/cancel", { params }),
    onSuccess: forget,
    onError: (error) => {
      notifyProblem("It was not cancelled", error);
    },
  });
  const retry = useMutation({
    mutationFn: () => api.POST("/api/v1/admin/jobs/{id}/retry", { params }),
    onSuccess: async () => {
      await forget();
      notifyDone("It waits for its turn again; crashes count from zero.");
    },
    onError: (error) => {
      notifyProblem("It was not queued again", error);
    },
  });
  return { cancel, retry };
}

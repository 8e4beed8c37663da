import { Modal, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";
import { Facts } from "../../components/Facts";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Time } from "../../components/Time";
import type { AdminJob } from "./Jobs";

interface Props {
  readonly job: AdminJob;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Why each attempt at a job ended. */
export function JobAttempts({ job, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={`Attempts of ${job.agent}`}>
      <Attempts id={job.id} />
    </Modal>
  );
}

function Attempts({ id }: { readonly id: string }) {
  const api = useApi();
  const job = useQuery({
    queryKey: keys.job(id),
    queryFn: () => body(api.GET("/api/v1/admin/jobs/{id}", { params: { path: { id } } })),
  });
  if (job.isError) {
    return <Problem error={job.error} onRetry={() => void job.refetch()} />;
  }
  if (!job.data) {
    return <Loading what="Loading the attempts" />;
  }
  const { attempts, workspace_id, lease_expiries } = job.data;
  return (
    <Stack gap="md">
      <Facts
        facts={[
          ["Job", id],
          ["Workspace", workspace_id],
          ["Its worker vanished", lease_expiries === 1 ? "once" : `${lease_expiries} times`],
        ]}
      />
      {attempts.length === 0 ? (
        <Text size="sm" c="dimmed">
          No worker has taken it up yet.
        </Text>
      ) : (
        <ScrollRegion label="Attempts">
          <Table miw={480} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">No.</Table.Th>
                <Table.Th scope="col">Began</Table.Th>
                <Table.Th scope="col">Ended</Table.Th>
                <Table.Th scope="col">Why</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {attempts.map(({ attempt, started_at, ended_at, failure }) => (
                <Table.Tr key={attempt}>
                  <Table.Td>{attempt}</Table.Td>
                  <Table.Td>
                    <Time at={started_at} />
                  </Table.Td>
                  <Table.Td>{ended_at ? <Time at={ended_at} /> : "runs"}</Table.Td>
                  <Table.Td>{failure?.detail ?? (ended_at ? "succeeded" : "")}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
    </Stack>
  );
}

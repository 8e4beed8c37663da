import { Alert, Button, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";
import { notifyDone, notifyProblem } from "../../components/notify";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Section } from "../../components/Section";
import { Time } from "../../components/Time";
import { formatCount } from "../../format";
import { PauseClass } from "./PauseClass";
import { CLASSES, type ClassStanding, type DispatchTold, classStandings } from "./standing";

/** The two classes: how they stand, and their pause. */
export function Classes({ told }: { readonly told: DispatchTold }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      {classStandings(told).map((standing) => (
        <OneClass key={standing.name} standing={standing} told={told} />
      ))}
    </SimpleGrid>
  );
}

function OneClass({ standing, told }: { readonly standing: ClassStanding; readonly told: DispatchTold }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const [pausing, setPausing] = useState(false);
  const { name, paused } = standing;
  const { label, means } = CLASSES[name];
  const resume = useMutation({
    mutationFn: () => api.POST("/api/v1/admin/dispatch/{class}/resume", { params: { path: { class: name } } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.dispatch });
      notifyDone(`${label} analyses begin again, in fair order.`);
    },
    onError: (error) => {
      notifyProblem("It is still paused", error);
    },
  });
  const streams = told.streams.filter((stream) => stream.class === name);
  return (
    <Section
      title={`${label} analyses`}
      about={`${means.charAt(0).toUpperCase()}${means.slice(1)}. ${formatCount(standing.places)} can run at once.`}
      actions={
        paused ? (
          <Button
            size="xs"
            loading={resume.isPending}
            onClick={() => {
              resume.mutate();
            }}
          >
            Resume
          </Button>
        ) : (
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              setPausing(true);
            }}
          >
            Pause
          </Button>
        )
      }
    >
      <PauseClass
        name={name}
        opened={pausing}
        onClose={() => {
          setPausing(false);
        }}
      />
      <Stack gap="sm">
        {paused && (
          <Alert color="orange" title="Paused: nothing begins" role="status">
            {paused.reason} (<Time at={paused.paused_at} ago />)
          </Alert>
        )}
        {streams.length === 0 ? (
          <Text size="sm" c="dimmed">
            Nothing waits and nothing runs.
          </Text>
        ) : (
          <ScrollRegion label="Jobs by priority">
            <Table miw={320} fz="sm" verticalSpacing={4}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">Priority</Table.Th>
                  <Table.Th scope="col" ta="right">
                    Next in line
                  </Table.Th>
                  <Table.Th scope="col" ta="right">
                    Behind them
                  </Table.Th>
                  <Table.Th scope="col" ta="right">
                    Running
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {streams.map(({ priority, on_redis, behind, running }) => (
                  <Table.Tr key={priority}>
                    <Table.Td>{priority}</Table.Td>
                    <Table.Td ta="right">{formatCount(on_redis)}</Table.Td>
                    <Table.Td ta="right">{formatCount(behind)}</Table.Td>
                    <Table.Td ta="right">{formatCount(running)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollRegion>
        )}
      </Stack>
    </Section>
  );
}

import { Alert, Table, Text } from "@mantine/core";

import type { components } from "../../api/schema";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Section } from "../../components/Section";
import { Time } from "../../components/Time";
import { formatCount } from "../../format";

/** Who works. */
export function Workers({ workers }: { readonly workers: readonly components["schemas"]["WorkerTold"][] }) {
  return (
    <Section title="Workers" about="Heard within the last half minute.">
      {workers.length === 0 ? (
        <Alert color="orange" title="No worker is heard" role="status">
          Analyses wait until one comes back; nothing that was submitted is lost.
        </Alert>
      ) : (
        <ScrollRegion label="Workers">
          <Table miw={560} fz="sm" verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Worker</Table.Th>
                <Table.Th scope="col" ta="right">
                  Running
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  Small places
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  Large places
                </Table.Th>
                <Table.Th scope="col">Up since</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {workers.map(({ name, running, small_places, large_places, started_at }) => (
                <Table.Tr key={name}>
                  <Table.Td>
                    <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>
                      {name}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">{formatCount(running)}</Table.Td>
                  <Table.Td ta="right">{formatCount(small_places)}</Table.Td>
                  <Table.Td ta="right">{formatCount(large_places)}</Table.Td>
                  <Table.Td>
                    <Time at={started_at} ago />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
    </Section>
  );
}

import { Code, Table, Text } from "@mantine/core";

import { ActionBadge } from "./ActionBadge";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Section } from "../../components/Section";
import type { ServiceChange } from "../../deployments/types";
import { short } from "../../deployments/words";

/** What a deployment does to each service. */
export function Services({ services }: { readonly services: readonly ServiceChange[] }) {
  return (
    <Section title="Services" about="A service that did not change is left alone: it does not even restart.">
      {services.length === 0 ? (
        <Text size="sm" c="dimmed">
          It did not get far enough to know.
        </Text>
      ) : (
        <ScrollRegion label="Services">
          <Table fz="sm" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Service</Table.Th>
                <Table.Th scope="col">From</Table.Th>
                <Table.Th scope="col">To</Table.Th>
                <Table.Th scope="col">What is done</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {services.map(({ service, from, to, action }) => (
                <Table.Tr key={service}>
                  <Table.Td>{service}</Table.Td>
                  <Table.Td>{from ? <Code title={from}>{short(from)}</Code> : "–"}</Table.Td>
                  <Table.Td>
                    <Code title={to}>{short(to)}</Code>
                  </Table.Td>
                  <Table.Td>
                    <ActionBadge action={action} />
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

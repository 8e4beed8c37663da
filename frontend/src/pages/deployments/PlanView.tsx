import { Alert, Anchor, Code, List, Stack, Table, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";

import { ActionBadge } from "./ActionBadge";
import { CommitLine } from "./CommitLine";
import { Backticks } from "../../components/Backticks";
import { Facts } from "../../components/Facts";
import { ScrollRegion } from "../../components/ScrollRegion";
import type { Plan } from "../../deployments/types";
import { IMAGES, commitWords, short, took } from "../../deployments/words";
import { formatBytes } from "../../format";

/** What a deploy would change. */
export function PlanView({ plan }: { readonly plan: Plan }) {
  const { commit, commits, services, migrations, refusals, diff_url: diff } = plan;
  return (
    <Stack gap="md">
      <div>
        <Text fw={600}>{commitWords(commit)}</Text>
        <CommitLine commit={commit} />
        {diff && (
          <Anchor href={diff} target="_blank" rel="noreferrer" size="sm">
            What differs from what is live <IconExternalLink size={14} aria-label="(opens in a new tab)" />
          </Anchor>
        )}
      </div>
      {refusals.length > 0 && (
        <Alert color="red" title="It would be refused now" role="alert">
          <List size="sm">
            {refusals.map((reason) => (
              <List.Item key={reason}>
                <Backticks text={reason} />
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Facts
        facts={[
          ["Would take", took(plan.predicted_seconds) ?? "not known: nothing like it was deployed yet"],
          ["Would need on disk", diskWords(plan.predicted_disk_bytes)],
          ["Commits", commits.length === 0 ? "none that is not live" : String(commits.length)],
          ["Proxy configuration", plan.configuration_changes ? "changes" : "stays"],
          [
            "Database migrations",
            migrations.length === 0 ? "none" : migrations.map((name) => <Code key={name}>{name} </Code>),
          ],
        ]}
      />
      {commits.length > 0 && (
        <ScrollRegion label="Commits" maxHeight={140}>
          <List size="sm">
            {commits.map(({ id, subject, author }) => (
              <List.Item key={id}>
                {subject}{" "}
                <Text span inherit c="dimmed">
                  ({author})
                </Text>
              </List.Item>
            ))}
          </List>
        </ScrollRegion>
      )}
      <ScrollRegion label="Services">
        <Table miw={440} fz="sm" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Service</Table.Th>
              <Table.Th scope="col">Revision</Table.Th>
              <Table.Th scope="col">Would be</Table.Th>
              <Table.Th scope="col">Its image</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {services.map(({ service, from, to, action, image }) => (
              <Table.Tr key={service}>
                <Table.Td>{service}</Table.Td>
                <Table.Td>
                  <Code>{short(to)}</Code>
                  {from && from !== to && (
                    <Text size="xs" c="dimmed">
                      now {short(from)}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <ActionBadge action={action} />
                </Table.Td>
                <Table.Td>{action === "unchanged" ? "stays" : IMAGES[image]}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
    </Stack>
  );
}

function diskWords(bytes: number | null | undefined): string {
  if (bytes === 0) {
    return "nothing: every image is here";
  }
  return typeof bytes === "number" ? formatBytes(bytes) : "not known yet";
}

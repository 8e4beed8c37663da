import { Badge, Group, Stack, Text } from "@mantine/core";

import { Backticks } from "../../components/Backticks";
import { Section } from "../../components/Section";
import type { Check } from "../../deployments/types";
import { CHECKS, CHECK_STATES } from "../../deployments/words";

/** What has to be well before a deployment counts as live. */
export function HealthGate({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <Section title="Health gate" about="All of it has to be well before it counts as live, and while it is watched.">
      {checks.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing was checked: it did not get that far.
        </Text>
      ) : (
        <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
          {checks.map(({ name, state, detail }) => (
            <Group key={name} component="li" gap="sm" wrap="nowrap" justify="space-between" align="flex-start">
              <div>
                <Text size="sm" fw={500}>
                  {name.charAt(0).toUpperCase() + name.slice(1)}
                </Text>
                <Text size="xs" c="dimmed">
                  {CHECKS[name]}
                </Text>
                {detail && (
                  <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                    <Backticks text={detail} />
                  </Text>
                )}
              </div>
              <Badge color={CHECK_STATES[state].color} variant="light" tt="none" miw="max-content">
                {CHECK_STATES[state].label}
              </Badge>
            </Group>
          ))}
        </Stack>
      )}
    </Section>
  );
}

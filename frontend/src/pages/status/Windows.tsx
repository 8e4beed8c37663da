import { Group, Stack, Text } from "@mantine/core";

import { EndWindowButton } from "./EndWindowButton";
import { Section } from "../../components/Section";
import { Time } from "../../components/Time";
import { useNow } from "../../components/useNow";
import type { MaintenanceWindow, Part } from "../../status/types";
import { titlesOf, windowParts } from "../../status/words";

interface Props {
  readonly windows: readonly MaintenanceWindow[];
  readonly parts: readonly Part[];
  readonly mayEnd: boolean;
}

/** Maintenance that runs and that is to come. */
export function Windows({ windows, parts, mayEnd }: Props) {
  const now = useNow();
  const titleOf = titlesOf(parts);
  return (
    <Section
      title="Maintenance"
      about="What is in it is watched as always and raises no alert. A release opens one by itself for what it touches."
    >
      {windows.length === 0 ? (
        <Text size="sm" c="dimmed">
          None is announced.
        </Text>
      ) : (
        <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
          {windows.map((window) => {
            const { id, from, until, reason, by } = window;
            const isRunning = Date.parse(from) <= now;
            return (
              <Group key={id} component="li" justify="space-between" align="flex-start" gap="sm">
                <div>
                  <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                    {reason}
                  </Text>
                  <Text size="sm" c="dimmed" component="div">
                    {isRunning ? "Now" : "To come"}: {windowParts(window, titleOf)}, <Time at={from} /> until{" "}
                    <Time at={until} />
                    {by && `, announced by ${by}`}
                  </Text>
                </div>
                {mayEnd && <EndWindowButton window={window} isRunning={isRunning} />}
              </Group>
            );
          })}
        </Stack>
      )}
    </Section>
  );
}

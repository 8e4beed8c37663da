import { Group, Paper, Stack, Text, Title } from "@mantine/core";

import { OpenIncident } from "./OpenIncident";
import { StateIcon } from "./StateIcon";
import classes from "./status.module.css";
import { LiveAge } from "./LiveAge";
import type { StatusNow } from "../../status/types";
import { consequence, headline, isOld, titlesOf } from "../../status/words";

/** The whole at a glance, and what is wrong now: root causes alone. */
export function Overall({ now }: { readonly now: StatusNow }) {
  const titleOf = titlesOf(now.parts);
  return (
    <Paper withBorder p="md" radius="md" className={`${classes["overall"]} ${classes[`overall-${now.status}`]}`}>
      <Stack gap="md">
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <StateIcon state={now.status} size={32} />
          <div>
            {/* Told aloud when it changes; how old the last look is changes all the time. */}
            <div role="status">
              <Title order={2} size="h3">
                {headline(now)}
              </Title>
            </div>
            <Text size="sm" c="dimmed" component="div">
              {consequence(now)} {!isOld(now) && <LiveAge parts={now.parts} />}
            </Text>
          </div>
        </Group>
        {now.incidents.length > 0 && (
          <Stack component="ul" gap="sm" m={0} p={0} aria-label="What is wrong now" style={{ listStyle: "none" }}>
            {now.incidents.map((incident) => (
              <OpenIncident key={incident.id} incident={incident} titleOf={titleOf} />
            ))}
          </Stack>
        )}
      </Stack>
    </Paper>
  );
}

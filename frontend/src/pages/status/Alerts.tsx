import { Alert, Stack, Text } from "@mantine/core";

import { TestAlerts } from "./TestAlerts";
import { Backticks } from "../../components/Backticks";
import { Facts } from "../../components/Facts";
import { Section } from "../../components/Section";
import { formatCount } from "../../format";
import type { Alerts as AlertsTold } from "../../status/types";
import { channelName, listed } from "../../status/words";

interface Props {
  readonly alerts: AlertsTold;
  readonly logsKeptDays: number | null | undefined;
}

/** For admins: how alerts get out, who watches the watcher, and how far back logs reach. */
export function Alerts({ alerts, logsKeptDays }: Props) {
  const { channels, waiting, waiting_words: why, watched_from_outside: isWatched } = alerts;
  return (
    <Section
      title="Alerts and logs"
      about="For admins: whether somebody is told, and how far back one can look."
      actions={channels.length > 0 && <TestAlerts />}
    >
      <Stack gap="md">
        {channels.length === 0 && (
          <Alert color="yellow" variant="light" title="Nobody is told when something goes down">
            <Backticks text="Set `SLACK_WEBHOOK_URL`, or `MAIL_TO` and those with it, and start the health service again." />
          </Alert>
        )}
        <Facts
          facts={[
            ["Alerts go to", channels.length > 0 ? listed(channels.map(channelName), 5) : "nobody"],
            [
              "Not yet delivered",
              waiting === 0 ? "none" : `${formatCount(waiting)}${why ? `; the oldest waits because ${why}` : ""}`,
            ],
            [
              "Watched from outside",
              isWatched ? (
                "yes: somebody notices when this server is gone"
              ) : (
                <Backticks text="no: nobody notices when this server is gone; set `HEALTH_HEARTBEAT_URL`" />
              ),
            ],
            [
              "Logs kept",
              typeof logsKeptDays === "number"
                ? `${Number(logsKeptDays.toFixed(1))} days`
                : "by nobody here: no log shipper runs",
            ],
          ]}
        />
        <Text size="xs" c="dimmed">
          How to search logs and what each alert means: docs/MONITORING.md.
        </Text>
      </Stack>
    </Section>
  );
}

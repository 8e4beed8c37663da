import { Stack, Text } from "@mantine/core";

import { Alerts } from "./Alerts";
import { AnnounceButton } from "./AnnounceButton";
import { Dependencies } from "./Dependencies";
import { HealthAway } from "./HealthAway";
import { Incidents } from "./Incidents";
import { Notices } from "./Notices";
import { Overall } from "./Overall";
import { Parts } from "./Parts";
import { Releases } from "./Releases";
import { Timeline } from "./Timeline";
import { Windows } from "./Windows";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { useStatusNow } from "../../status/queries";
import type { StatusNow } from "../../status/types";

/** How everything stands, since when and why: for everybody, and more of it for those who may know more. */
export function StatusPage() {
  const status = useStatusNow();
  const { data } = status;
  const retry = () => void status.refetch();
  return (
    <Page
      title="Status"
      about="How each part of the platform stands, since when and why. Refreshed by itself."
      actions={data && isAdmin(data) && <AnnounceButton parts={data.parts} />}
    >
      {status.isError && <HealthAway error={status.error} seenAt={data && status.dataUpdatedAt} onRetry={retry} />}
      {!data && status.isPending && <Loading what="Loading how everything stands" lines={8} />}
      {data && <Content now={data} />}
    </Page>
  );
}

/** Only admins are told how alerts get out. */
function isAdmin({ alerts }: StatusNow): boolean {
  return alerts !== null && alerts !== undefined;
}

function Content({ now }: { readonly now: StatusNow }) {
  const { parts, incidents, windows, deploys, alerts, version, revision } = now;
  return (
    <Stack gap="lg">
      <Overall now={now} />
      <Notices now={now} />
      <Dependencies parts={parts} />
      <Parts parts={parts} />
      <Incidents open={incidents} parts={parts} />
      {(windows.length > 0 || isAdmin(now)) && <Windows windows={windows} parts={parts} mayEnd={isAdmin(now)} />}
      {deploys && <Releases deploys={deploys} />}
      <Timeline parts={parts} />
      {alerts && <Alerts alerts={alerts} logsKeptDays={now.logs_kept_days} />}
      <Text size="xs" c="dimmed">
        Version {version}, told by the health service of revision {revision.slice(0, 12)}.
      </Text>
    </Stack>
  );
}

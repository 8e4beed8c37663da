import { Stack } from "@mantine/core";

import { DeployerOnly } from "./DeployerOnly";
import { DeployerAway } from "./DeployerAway";
import { DeployButton } from "./DeployButton";
import { DiskBudget } from "./DiskBudget";
import { History } from "./History";
import { Live } from "./Live";
import { MaintenanceButton } from "./MaintenanceButton";
import { Next } from "./Next";
import { Notices } from "./Notices";
import { Quarantine } from "./Quarantine";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { isDeployerAway, useOverview } from "../../deployments/queries";

/** For admins: what is live, what comes next, and how all releases went. */
export function DeploymentsPage() {
  return (
    <DeployerOnly title="Deployments">
      <Deployments />
    </DeployerOnly>
  );
}

function Deployments() {
  const overview = useOverview();
  const { data } = overview;
  const isAway = isDeployerAway(overview);
  return (
    <Page
      title="Deployments"
      about="What is live on this server, how it got there and what comes next. Refreshed by itself."
      actions={
        data && (
          <>
            {!data.paused && <MaintenanceButton isUp={false} />}
            <DeployButton branch={data.branch} />
          </>
        )
      }
    >
      {isAway && <DeployerAway seenAt={data && overview.dataUpdatedAt} onRetry={() => void overview.refetch()} />}
      {!data && !isAway && overview.isError && (
        <Problem error={overview.error} onRetry={() => void overview.refetch()} />
      )}
      {!data && !isAway && overview.isPending && <Loading what="Loading what is live" lines={8} />}
      {data && (
        <Stack gap="lg">
          <Notices overview={data} />
          <Live overview={data} />
          <Next overview={data} />
          {data.disk && <DiskBudget disk={data.disk} />}
          {data.quarantine.length > 0 && <Quarantine commits={data.quarantine} />}
          <History statistics={data.statistics} />
        </Stack>
      )}
    </Page>
  );
}

import { useParams } from "@tanstack/react-router";

import { DeployerAway } from "./DeployerAway";
import { DeployerOnly } from "./DeployerOnly";
import { OneDeployment } from "./OneDeployment";
import { isStatus } from "../../api/problem";
import { Empty } from "../../components/Empty";
import { LinkAnchor } from "../../components/links";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { isDeployerAway, useDeployment } from "../../deployments/queries";

/** One deployment: what it changes, how it goes, why it ended as it did. */
export function DeploymentPage() {
  const { id } = useParams({ from: "/signed-in/deployments/$id" });
  return (
    <DeployerOnly title={`Deployment #${id}`}>
      {/^\d{1,15}$/u.test(id) ? (
        <One key={id} id={Number(id)} />
      ) : (
        <Page title="Deployment">
          <NoSuch id={id} />
        </Page>
      )}
    </DeployerOnly>
  );
}

function One({ id }: { readonly id: number }) {
  const deployment = useDeployment(id);
  const isAway = isDeployerAway(deployment);
  const retry = () => void deployment.refetch();
  if (deployment.data) {
    return (
      <OneDeployment
        deployment={deployment.data}
        notice={isAway ? <DeployerAway seenAt={deployment.dataUpdatedAt} onRetry={retry} /> : undefined}
      />
    );
  }
  return (
    <Page title={`Deployment #${id}`}>
      {isAway ? (
        <DeployerAway seenAt={undefined} onRetry={retry} />
      ) : isStatus(deployment.error, 404) ? (
        <NoSuch id={String(id)} />
      ) : deployment.isError ? (
        <Problem error={deployment.error} onRetry={retry} />
      ) : (
        <Loading what="Loading the deployment" lines={8} />
      )}
    </Page>
  );
}

function NoSuch({ id }: { readonly id: string }) {
  return (
    <Empty title={`There is no deployment #${id}`}>
      Deployments are numbered from 1 on; yours may not have been begun.{" "}
      <LinkAnchor to="/deployments" inherit underline="always">
        All deployments
      </LinkAnchor>
    </Empty>
  );
}

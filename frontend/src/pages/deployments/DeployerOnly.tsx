import { Code } from "@mantine/core";
import type { ReactNode } from "react";

import { useAccount } from "../../app/account";
import { usePlatform } from "../../app/platform";
import { Empty } from "../../components/Empty";
import { Forbidden } from "../../components/Forbidden";
import { Page } from "../../components/Page";

interface Props {
  /** What the page is called for those whom it is not shown to. */
  readonly title: string;
  readonly children: ReactNode;
}

/** Shows the page to admins, where there is a deployer. */
export function DeployerOnly({ title, children }: Props) {
  const { config } = usePlatform();
  const { role } = useAccount();
  if (role !== "admin") {
    return (
      <Page title={title}>
        <Forbidden title="This page is for admins">
          It shows which release runs on this server, and changes it. An admin can tell you what has changed.
        </Forbidden>
      </Page>
    );
  }
  if (!config.deployments) {
    return (
      <Page title={title}>
        <Empty title="There is no deployer here">
          This platform was started by hand, as on a laptop: it changes when somebody stops it and starts it anew. On a
          server that is started by <Code>docker-compose.prod.yml</Code> a push releases by itself; its set-up is in{" "}
          <Code>docs/DEPLOYMENT_RUNBOOK.md</Code>.
        </Empty>
      </Page>
    );
  }
  return children;
}

import { IconPlus } from "@tabler/icons-react";
import { LinkButton } from "../../components/links";

import { mayWrite, useWorkspace } from "../../app/workspace";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { FirstSteps } from "./FirstSteps";
import { RecentAnalyses } from "./RecentAnalyses";
import { RecentData } from "./RecentData";
import { useOverview } from "./useOverview";

/** Where one lands: what was asked lately and how it stands; at the very first, what to do. */
export function OverviewPage() {
  const { workspace } = useWorkspace();
  const { analyses, datasets } = useOverview(workspace.id);
  const isNew = analyses.data?.length === 0 && datasets.data?.length === 0;
  return (
    <Page
      title="Overview"
      about={`What was asked in ${workspace.personal ? "your own workspace" : `the workspace ${workspace.name}`}.`}
      actions={
        mayWrite(workspace) &&
        !isNew && (
          <LinkButton to="/ask" leftSection={<IconPlus size={16} aria-hidden />}>
            New analysis
          </LinkButton>
        )
      }
    >
      {isNew && <FirstSteps />}
      {analyses.isError && <Problem error={analyses.error} onRetry={() => void analyses.refetch()} />}
      {analyses.isPending && <Loading what="Loading the analyses" lines={6} />}
      {analyses.data && !isNew && <RecentAnalyses analyses={analyses.data} />}
      {datasets.data && !isNew && <RecentData datasets={datasets.data} />}
      {analyses.data?.length === 0 && !isNew && mayWrite(workspace) && <FirstSteps />}
    </Page>
  );
}

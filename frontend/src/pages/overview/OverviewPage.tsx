import { IconPlus } from "@tabler/icons-react";

import { useNewest } from "../../analysis/useAnalyses";
import { mayWrite, useWorkspace } from "../../app/workspace";
import { LinkButton } from "../../components/links";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { useDatasets } from "../../data/datasets";
import { FirstSteps } from "./FirstSteps";
import { RecentAnalyses } from "./RecentAnalyses";
import { RecentDatasets } from "./RecentDatasets";

const RECENT = 10;

export function OverviewPage() {
  const { workspace } = useWorkspace();
  return (
    <Page
      title="Overview"
      about={`What was asked in “${workspace.name}”, and of which data.`}
      actions={
        mayWrite(workspace) && (
          <LinkButton to="/ask" leftSection={<IconPlus size={16} aria-hidden />}>
            New analysis
          </LinkButton>
        )
      }
    >
      <Content key={workspace.id} />
    </Page>
  );
}

function Content() {
  const { workspace } = useWorkspace();
  const analyses = useNewest({ workspaceId: workspace.id }, RECENT);
  const datasets = useDatasets(workspace.id);
  const error = analyses.error ?? datasets.error;
  if (!analyses.data || !datasets.data) {
    return error ? (
      <Problem error={error} onRetry={() => void Promise.all([analyses.refetch(), datasets.refetch()])} />
    ) : (
      <Loading what="Loading what was asked" lines={8} />
    );
  }
  const tables = datasets.data.pages.flatMap((page) => page.datasets);
  return (
    <>
      {analyses.data.length === 0 && <FirstSteps hasData={tables.length > 0} />}
      {analyses.data.length > 0 && <RecentAnalyses analyses={analyses.data} isAll={analyses.data.length < RECENT} />}
      {tables.length > 0 && <RecentDatasets datasets={tables} />}
    </>
  );
}

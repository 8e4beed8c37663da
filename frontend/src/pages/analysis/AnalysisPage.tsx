import { Group, Stack } from "@mantine/core";
import { useParams } from "@tanstack/react-router";

import { type Analysis, questionOf } from "../../analysis/question";
import { useAgent, useAnalysis, useResult } from "../../analysis/useAnalysis";
import { useNewerVersion } from "../../analysis/useNewerVersion";
import { useTwin } from "../../analysis/useTwin";
import { mayWrite, useWorkspace } from "../../app/workspace";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Person } from "../../components/Person";
import { Problem } from "../../components/Problem";
import { StateBadge } from "../../components/StateBadge";
import { Time } from "../../components/Time";
import { MlflowLine } from "../../mlflow/MlflowLine";
import { ResultView } from "../../result/ResultView";
import { ShareButton } from "../../share/ShareButton";
import { Actions } from "./Actions";
import { AttemptsCard } from "./AttemptsCard";
import { ExportMenu } from "./ExportMenu";
import { FailureCard } from "./FailureCard";
import { ProgressCard } from "./ProgressCard";
import { QuestionCard } from "./QuestionCard";
import { useActions } from "./useActions";

/** One analysis: what was asked, how it goes, the answer and why to trust it. */
export function AnalysisPage() {
  const { id } = useParams({ from: "/signed-in/analyses/$id" });
  const analysis = useAnalysis(id);
  if (analysis.data) {
    return <Told key={id} analysis={analysis.data} />;
  }
  return (
    <Page title="Analysis">
      {analysis.isError ? (
        <Problem error={analysis.error} onRetry={() => void analysis.refetch()} />
      ) : (
        <Loading what="Loading the analysis" lines={8} />
      )}
    </Page>
  );
}

function Told({ analysis }: { readonly analysis: Analysis }) {
  const { id, state, workspace_id: workspaceId } = analysis;
  const agent = useAgent(analysis.agent).data;
  const { all, used, newer } = useNewerVersion(analysis.dataset_id);
  const twin = useTwin(analysis, all);
  const actions = useActions(id);
  const workspace = useWorkspace().workspaces.find((one) => one.id === workspaceId);
  const writes = workspace !== undefined && mayWrite(workspace);
  const question = questionOf(analysis, agent?.title);
  const refused = [actions.cancel, actions.retry, actions.remove].find(({ isError }) => isError);

  return (
    <Page
      title={question}
      about={
        <Group gap={6} component="span">
          <StateBadge state={state} />
          <span>
            asked by <Person id={analysis.created_by} workspaceId={workspaceId} /> <Time at={analysis.created_at} ago />
          </span>
          {workspace && <span>in {workspace.name}</span>}
        </Group>
      }
      actions={
        <>
          <Actions analysis={analysis} writes={writes} newer={newer} actions={actions} />
          {state === "succeeded" && <ShareButton analysisId={id} mayShare={writes} />}
          {state === "succeeded" && <ExportMenu analysis={analysis} question={question} dataset={used} />}
        </>
      }
    >
      <Stack gap="md">
        {refused && <Problem error={refused.error} title="That was not done" />}
        {(state === "queued" || state === "running") && <ProgressCard analysis={analysis} />}
        {(state === "failed" || state === "cancelled") && (
          <FailureCard
            analysis={analysis}
            retrying={actions.retry.isPending}
            onRetry={
              writes
                ? () => {
                    actions.retry.mutate();
                  }
                : undefined
            }
          />
        )}
        <QuestionCard analysis={analysis} agent={agent} dataset={used} newer={newer} twin={twin} />
        {state === "succeeded" && <Answer analysis={analysis} />}
        {analysis.mlflow && <MlflowLine run={analysis.mlflow} />}
        {analysis.attempt > 0 && (analysis.attempt > 1 || state === "failed") && <AttemptsCard analysis={analysis} />}
      </Stack>
    </Page>
  );
}

function Answer({ analysis }: { readonly analysis: Analysis }) {
  const result = useResult(analysis.id, true);
  if (result.data) {
    return <ResultView analysis={analysis} result={result.data} />;
  }
  return result.isError ? (
    <Problem error={result.error} title="The result could not be read" onRetry={() => void result.refetch()} />
  ) : (
    <Loading what="Loading the result" lines={10} />
  );
}

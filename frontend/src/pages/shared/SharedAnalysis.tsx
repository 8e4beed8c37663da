import { Alert, Button, Stack } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Suspense, lazy } from "react";

import { questionOf } from "../../analysis/question";
import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { isStatus } from "../../api/problem";
import type { components } from "../../api/schema";
import { Loading } from "../../components/Loading";
import { notifyProblem } from "../../components/notify";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { Time } from "../../components/Time";
import { saveFile } from "../../download";
import { anonymousApi, shareHeader } from "../../share/anonymous";
import { NoSuchLink } from "./NoSuchLink";
import { SharedFrame } from "./SharedFrame";
import { SharedQuestion } from "./SharedQuestion";

type Shared = components["schemas"]["SharedAnalysis"];

/** The plots' code comes with the first result, not with the page. */
const ResultView = lazy(async () => ({ default: (await import("../../result/ResultView")).ResultView }));

/** While it runs. */
const REFRESH_MS = 5000;

export function SharedAnalysis({ token }: { readonly token: string }) {
  const shared = useQuery({
    queryKey: keys.shared(token),
    queryFn: () => body(anonymousApi.GET("/api/v1/shared", { params: { header: shareHeader(token) } })),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? REFRESH_MS : false),
  });

  if (isStatus(shared.error, 404)) {
    return <NoSuchLink />;
  }
  if (shared.data) {
    return <Loaded shared={shared.data} token={token} />;
  }
  return (
    <SharedFrame about="Shared analysis">
      <Page title="Shared analysis">
        {shared.isError ? (
          <Problem error={shared.error} onRetry={() => void shared.refetch()} />
        ) : (
          <Loading what="Loading the analysis" lines={8} />
        )}
      </Page>
    </SharedFrame>
  );
}

function Loaded({ shared, token }: { readonly shared: Shared; readonly token: string }) {
  const { agent, agent_name, parameters, result, expires_at, dataset, finished_at } = shared;
  return (
    <SharedFrame
      about={
        <>
          Shared with you, read-only, until <Time at={expires_at} />
        </>
      }
    >
      <Page
        title={questionOf({ agent: agent_name, parameters }, agent?.title)}
        about={
          <>
            {agent?.title ?? agent_name}
            {dataset && `, asked of ${dataset.name} (version ${dataset.version})`}
            {finished_at && (
              <>
                , answered <Time at={finished_at} />
              </>
            )}
          </>
        }
        actions={shared.has_script && <Script token={token} />}
      >
        <Stack gap="md">
          {result ? (
            <Suspense fallback={<Loading what="Loading the result" lines={8} />}>
              <ResultView analysis={{ id: "shared", agent: agent_name }} result={result} />
            </Suspense>
          ) : (
            <NoResult shared={shared} />
          )}
          <SharedQuestion shared={shared} />
        </Stack>
      </Page>
    </SharedFrame>
  );
}

function NoResult({ shared }: { readonly shared: Shared }) {
  return isUnderWay(shared) ? (
    <Alert color="blue" role="status" title="Not answered yet">
      {shared.state === "running" ? "It is being computed." : "It waits for its turn."} This page shows the answer by
      itself.
    </Alert>
  ) : (
    <Alert color="orange" role="status" title="There is no answer">
      {shared.failure?.detail ?? "The analysis was cancelled."}
    </Alert>
  );
}

function isUnderWay({ state }: Shared): boolean {
  return state === "queued" || state === "running";
}

/** The script by which anybody who has the data computes the result again. */
function Script({ token }: { readonly token: string }) {
  const load = useMutation({
    mutationFn: () =>
      body(
        anonymousApi.GET("/api/v1/shared/reproduce.py", { params: { header: shareHeader(token) }, parseAs: "text" }),
      ),
    onSuccess: (script) => {
      saveFile("reproduce.py", script, "text/x-python");
    },
    onError: (error) => {
      notifyProblem("The script was not loaded", error);
    },
  });
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={load.isPending}
      onClick={() => {
        load.mutate();
      }}
    >
      reproduce.py
    </Button>
  );
}

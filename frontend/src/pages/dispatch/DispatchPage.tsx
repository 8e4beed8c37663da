import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { useAccount } from "../../app/account";
import { useApi } from "../../app/platform";
import { Forbidden } from "../../components/Forbidden";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { Classes } from "./Classes";
import { Figures } from "./Figures";
import { Jobs } from "./Jobs";
import { Workers } from "./Workers";

const REFRESH_MS = 3000;

/** For admins: what waits, what runs, what was given up, and who works on it. */
export function DispatchPage() {
  const { role } = useAccount();
  return role === "admin" ? (
    <Dispatch />
  ) : (
    <Page title="Dispatch">
      <Forbidden title="This page is for admins">
        It shows the jobs of all workspaces. Your own are under Analyses; if one of them does not begin, its page says
        why.
      </Forbidden>
    </Page>
  );
}

function Dispatch() {
  const api = useApi();
  const told = useQuery({
    queryKey: keys.dispatch,
    queryFn: () => body(api.GET("/api/v1/admin/dispatch")),
    refetchInterval: REFRESH_MS,
  });
  return (
    <Page
      title="Dispatch"
      about="How analyses reach the workers, across all workspaces. Refreshed every three seconds."
    >
      {told.isError && !told.data && <Problem error={told.error} onRetry={() => void told.refetch()} />}
      {told.isPending && <Loading what="Loading how dispatch stands" lines={6} />}
      {told.data && (
        <Stack gap="lg">
          <Figures told={told.data} />
          <Classes told={told.data} />
          <Jobs />
          <Workers workers={told.data.workers} />
        </Stack>
      )}
    </Page>
  );
}

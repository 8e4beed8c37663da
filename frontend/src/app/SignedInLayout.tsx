import { Container } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useRouter } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { Unreachable } from "../api/problem";
import { useSignedIn } from "../auth/useSession";
import { Loading } from "../components/Loading";
import { Problem } from "../components/Problem";
import { LiveUpdates } from "../live/LiveUpdates";
import { useApi } from "./platform";
import { Shell } from "./Shell";
import { WorkspaceContext } from "./workspace";

/** Around every page for people who are signed in; the others are led to the sign-in page and back. */
export function SignedInLayout() {
  const signedIn = useSignedIn();
  const router = useRouter();
  const out = signedIn.state === "out";
  const why = out ? signedIn.why : undefined;

  // Once for each end of a session: while the sign-in page is on its way this one is rendered again, at its address.
  useEffect(() => {
    if (out) {
      const back = router.state.location.href;
      // Whoever left by their own wish need not be led back, and the next person must not be.
      const search = why === "left" ? {} : { back, ...(why ? { why } : {}) };
      void router.navigate({ to: "/sign-in", search, replace: true });
    }
  }, [out, why, router]);

  if (out) {
    return null;
  }
  if (signedIn.state === "unknown") {
    return (
      <Container component="main" size="xs" py="xl">
        {signedIn.away ? <Problem error={new Unreachable()} /> : <Loading what="Looking whether you are signed in" />}
      </Container>
    );
  }
  return <WithAccount />;
}

function WithAccount() {
  const api = useApi();
  const account = useQuery({ queryKey: keys.account, queryFn: () => body(api.GET("/api/v1/account")) });
  const [chosen, choose] = useLocalStorage<string | undefined>({ key: "e2i.workspace", defaultValue: undefined });
  const choice = useMemo(() => {
    const workspaces = account.data?.workspaces ?? [];
    const workspace = workspaces.find(({ id }) => id === chosen) ?? workspaces[0];
    return workspace && { workspace, workspaces, choose };
  }, [account.data, chosen, choose]);

  if (account.isError) {
    return <Problem error={account.error} onRetry={() => void account.refetch()} />;
  }
  if (!account.data || !choice) {
    return <Loading what="Loading your account" />;
  }
  return (
    <WorkspaceContext value={choice}>
      <LiveUpdates user={account.data.id}>
        <Shell isAdmin={account.data.role === "admin"}>
          <Outlet />
        </Shell>
      </LiveUpdates>
    </WorkspaceContext>
  );
}

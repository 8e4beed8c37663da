import { Container } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Navigate, Outlet, useLocation } from "@tanstack/react-router";
import { useMemo } from "react";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { Unreachable } from "../api/problem";
import { useSignedIn } from "../auth/useSession";
import { Loading } from "../components/Loading";
import { Problem } from "../components/Problem";
import { useApi } from "./platform";
import { Shell } from "./Shell";
import { WorkspaceContext } from "./workspace";

/** Around every page for people who are signed in; the others are led to the sign-in page and back. */
export function SignedInLayout() {
  const signedIn = useSignedIn();
  const { href } = useLocation();
  if (signedIn.state === "out" && signedIn.why === "left") {
    return <Navigate to="/sign-in" replace />;
  }
  if (signedIn.state === "out") {
    return <Navigate to="/sign-in" search={{ back: href, ...(signedIn.why ? { why: signedIn.why } : {}) }} replace />;
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
  if (!choice) {
    return <Loading what="Loading your account" />;
  }
  return (
    <WorkspaceContext value={choice}>
      <Shell isAdmin={account.data?.role === "admin"}>
        <Outlet />
      </Shell>
    </WorkspaceContext>
  );
}

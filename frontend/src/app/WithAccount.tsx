import "@mantine/notifications/styles.css";

import { useLocalStorage } from "@mantine/hooks";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useMemo } from "react";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { Loading } from "../components/Loading";
import { Problem } from "../components/Problem";
import { LiveUpdates } from "../live/LiveUpdates";
import { useApi } from "./platform";
import { Shell } from "./Shell";
import { WorkspaceContext } from "./workspace";

/** The account, the workspace, what is live, and the frame of every page. */
export default function WithAccount() {
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
        <Notifications position="bottom-right" />
        <ModalsProvider>
          <Shell isAdmin={account.data.role === "admin"}>
            <Outlet />
          </Shell>
        </ModalsProvider>
      </LiveUpdates>
    </WorkspaceContext>
  );
}

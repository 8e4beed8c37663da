import "@mantine/notifications/styles.css";

import { useLocalStorage, useTimeout } from "@mantine/hooks";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { Loading } from "../components/Loading";
import { Problem } from "../components/Problem";
import { LiveUpdates } from "../live/LiveUpdates";
import { useApi } from "./platform";
import { Shell } from "./Shell";
import { WorkspaceContext } from "./workspace";

interface Props {
  /** What is shown while the account cannot be had, where the page does without. */
  readonly without?: ReactNode;
}

/** A page that does without an account waits no longer for it. */
const ACCOUNT_WITHIN_MS = 2000;

/** The account, the workspace, what is live, and the frame of every page. */
export default function WithAccount({ without }: Props) {
  const api = useApi();
  const account = useQuery({ queryKey: keys.account, queryFn: () => body(api.GET("/api/v1/account")) });
  const [isLate, setLate] = useState(false);
  useTimeout(
    () => {
      setLate(true);
    },
    ACCOUNT_WITHIN_MS,
    { autoInvoke: true },
  );
  const [chosen, choose] = useLocalStorage<string | undefined>({ key: "e2i.workspace", defaultValue: undefined });
  const choice = useMemo(() => {
    const workspaces = account.data?.workspaces ?? [];
    const workspace = workspaces.find(({ id }) => id === chosen) ?? workspaces[0];
    return workspace && { workspace, workspaces, choose };
  }, [account.data, chosen, choose]);

  if (without !== undefined && !choice && (isLate || account.failureCount > 0)) {
    return without;
  }
  if (account.isError && (without === undefined || !choice)) {
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

import { Outlet } from "@tanstack/react-router";
import { Suspense, lazy, useMemo } from "react";

import { useSignedIn } from "../auth/useSession";
import { LinkButton } from "../components/links";
import { Loading } from "../components/Loading";
import { StatusPlaceContext, statusPlace } from "../status/place";
import OpenShell from "./OpenShell";
import { patiently } from "./patiently";
import { usePlatform } from "./platform";

const WithAccount = lazy(() => patiently(() => import("./WithAccount")));

/** Around what is there for everybody, and stays there while the platform is too ill to say who one is. */
export function OpenLayout() {
  const { session, config } = usePlatform();
  const signedIn = useSignedIn();
  const place = useMemo(() => statusPlace(session, config.deployments), [session, config.deployments]);
  const action =
    signedIn.state === "out" ? (
      <LinkButton to="/sign-in" size="xs" variant="default">
        Sign in
      </LinkButton>
    ) : undefined;
  const open = (
    <OpenShell action={action}>
      <Outlet />
    </OpenShell>
  );
  return (
    <StatusPlaceContext value={place}>
      <Suspense fallback={<Loading what="Loading the page" />}>
        {signedIn.state === "in" ? <WithAccount without={open} /> : open}
      </Suspense>
    </StatusPlaceContext>
  );
}

import { Container } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { Suspense, lazy, useEffect } from "react";

import { Unreachable } from "../api/problem";
import { useSignedIn } from "../auth/useSession";
import { Loading } from "../components/Loading";
import { Problem } from "../components/Problem";
import { patiently } from "./patiently";

/** What only people who are signed in need is not loaded for the sign-in page. */
const WithAccount = lazy(() => patiently(() => import("./WithAccount")));

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
  return (
    <Suspense fallback={<Loading what="Loading the page" />}>
      <WithAccount />
    </Suspense>
  );
}

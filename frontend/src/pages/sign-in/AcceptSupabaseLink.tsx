import { Alert, Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate } from "@tanstack/react-router";

import { keys } from "../../api/keys";
import { usePlatform } from "../../app/platform";
import type { Arrival } from "../../auth/arrival";
import { signInByLink } from "../../auth/signInByLink";
import { Loading } from "../../components/Loading";
import { ChoosePassword } from "./ChoosePassword";
import { Frame } from "./Frame";
import { signInProblem } from "../../auth/signInProblem";

interface Props {
  readonly arrival: Extract<Arrival, { kind: "session" | "otp" }>;
}

/** A link of Supabase: it signs in by itself; an invite or a recovery then asks for a password. */
export function AcceptSupabaseLink({ arrival }: Props) {
  const { session } = usePlatform();
  // A query, so that it happens once: the link's secret is good for one use.
  const signedIn = useQuery({
    queryKey: keys.arrival,
    queryFn: () => signInByLink(session.auth, arrival),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

  if (signedIn.isError) {
    return (
      <Frame title="This link does not work">
        <Alert color="red" role="alert">
          {signInProblem(signedIn.error)}
        </Alert>
        <Anchor component={Link} to="/sign-in" size="sm">
          To the sign-in page
        </Anchor>
      </Frame>
    );
  }
  if (!signedIn.isSuccess) {
    return (
      <Frame title="One moment">
        <Loading what="Looking at your link" lines={2} />
      </Frame>
    );
  }
  if (arrival.purpose === "sign-in") {
    return <Navigate to="/" replace />;
  }
  const choose = async (password: string) => {
    const { error } = await session.auth.updateUser({ password });
    if (error) {
      throw error;
    }
  };
  return <ChoosePassword ownRules={false} onChosen={choose} />;
}

import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { useArrival } from "../../auth/useArrival";
import { AcceptLocalLink } from "./AcceptLocalLink";
import { AcceptSupabaseLink } from "./AcceptSupabaseLink";
import { Frame } from "./Frame";

/** Where an invite or a reset link leads: one chooses a password and is signed in. */
export function AcceptLinkPage() {
  const arrival = useArrival();
  switch (arrival.kind) {
    case "token":
      if (arrival.path === "/accept") {
        return <AcceptLocalLink token={arrival.token} key={arrival.token} />;
      }
      break;
    case "session":
    case "otp":
      return <AcceptSupabaseLink arrival={arrival} />;
    case "code":
      return (
        <LinkOver title="Open this link elsewhere">
          It works only in the browser in which it was asked for. Open it there, or ask for another one here.
        </LinkOver>
      );
    case "refused":
      return (
        <LinkOver title="This link is over">
          {arrival.code === "otp_expired"
            ? "It was used already, has expired, or was replaced by a newer one."
            : arrival.words || "The sign-in service refused it."}
        </LinkOver>
      );
    case "none":
      break;
  }
  return (
    <LinkOver title="This link is not whole">
      Open the link in your message again, the whole of it: it ends with <code>#token=…</code>, which is kept nowhere.
      Or ask an admin for another.
    </LinkOver>
  );
}

function LinkOver({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <Frame title={title}>
      <Text size="sm">{children}</Text>
      <Anchor component={Link} to="/sign-in" size="sm">
        To the sign-in page
      </Anchor>
    </Frame>
  );
}

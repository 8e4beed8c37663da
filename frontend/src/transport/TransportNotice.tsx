import { Alert, Code, Text } from "@mantine/core";
import { IconLockExclamation } from "@tabler/icons-react";
import { useState } from "react";

import { usePlatform } from "../app/platform";
import { type Concern, concernOf } from "./safety";

const WORDS: Record<Concern, { readonly title: string; readonly meaning: string; readonly remedy: string }> = {
  "self-signed": {
    title: "This server's certificate is its own",
    meaning:
      "What you send is encrypted, but your browser cannot tell whether it really talks to this server; that is why it warned you. Go on only if you trust the network in between.",
    remedy: "and it gets a certificate that browsers trust.",
  },
  plain: {
    title: "This connection is not encrypted",
    meaning: "Everybody on the way can read what you send, passwords too. Use an address that begins with https.",
    remedy: "and it is served encrypted.",
  },
};

const HIDDEN = "e2i.transport-notice-hidden";

/** Says in plain words what is wrong with the way to the server, and what helps; hidden until the tab is closed. */
export function TransportNotice() {
  const { config } = usePlatform();
  const concern = concernOf(window.location, config.certificate);
  const [hidden, setHidden] = useState(() => sessionStorage.getItem(HIDDEN) === concern);
  if (concern === undefined || hidden) {
    return null;
  }
  const { title, meaning, remedy } = WORDS[concern];
  return (
    <Alert
      color="yellow"
      icon={<IconLockExclamation aria-hidden />}
      mb="md"
      title={title}
      withCloseButton
      closeButtonLabel="Hide this notice"
      onClose={() => {
        sessionStorage.setItem(HIDDEN, concern);
        setHidden(true);
      }}
    >
      <Text size="sm">{meaning}</Text>
      <Text size="sm" mt="xs">
        Whoever runs the server: give it a name and set <Code>DOMAIN</Code> (docs/tls.md), {remedy}
      </Text>
    </Alert>
  );
}

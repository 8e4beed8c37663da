import { Alert, Anchor } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

import { Unreachable, isTemporary } from "../api/problem";

/** Says that the platform is away while what is shown may be old; goes by itself when it answers again. */
export function ConnectionNotice() {
  const cache = useQueryClient().getQueryCache();
  const away = useSyncExternalStore(
    (listener) => cache.subscribe(listener),
    () =>
      // Only what is shown: nobody asks again for the rest.
      cache.getAll().some((query) => {
        const error = query.state.error ?? query.state.fetchFailureReason;
        // One service that does not answer while the platform does is told where it is missed.
        const isTold = query.meta?.["ownNotice"] === true && !(error instanceof Unreachable);
        return query.isActive() && isTemporary(error) && !isTold;
      }),
  );
  return away ? (
    <Alert
      color="orange"
      icon={<IconPlugConnectedX aria-hidden />}
      mb="md"
      role="status"
      title="The platform does not answer"
    >
      What you see may be old. This page tries again by itself; nothing that was submitted is lost.{" "}
      <Anchor href="/status" inherit underline="always">
        What is wrong
      </Anchor>
    </Alert>
  ) : null;
}

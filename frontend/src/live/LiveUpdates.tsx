import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo } from "react";

import { usePlatform } from "../app/platform";
import { FeedContext } from "./context";
import { Feed } from "./feed";

interface Props {
  readonly user: string;
  readonly children: ReactNode;
}

/** Keeps all that is shown about analyses up to date, by one stream for all tabs of this browser. */
export function LiveUpdates({ user, children }: Props) {
  const { fetch, session } = usePlatform();
  const client = useQueryClient();
  const feed = useMemo(() => {
    // Web Locks are missing where the page came over plain http from another machine.
    const locks = (navigator as Partial<Pick<Navigator, "locks">>).locks;
    return new Feed({ user, fetch, session, client, ...(locks ? { locks } : {}) });
  }, [user, fetch, session, client]);

  useEffect(() => {
    feed.start();
    return () => {
      feed.stop();
    };
  }, [feed]);

  return <FeedContext value={feed}>{children}</FeedContext>;
}

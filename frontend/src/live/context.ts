import { createContext, use, useEffect, useSyncExternalStore } from "react";

import type { LiveStatus } from "./connection";
import type { Feed, HeardProgress } from "./feed";

export const FeedContext = createContext<Feed | undefined>(undefined);

const nothing = () => () => undefined;

/** How far a running analysis is, as the stream told last; nothing until it has told. */
export function useProgress(id: string): HeardProgress | undefined {
  const feed = use(FeedContext);
  return useSyncExternalStore(feed?.subscribe ?? nothing, () => feed?.progress(id));
}

/** The same of one analysis that is looked at: what was told before this tab listened is caught up with. */
export function usePrimedProgress(id: string): HeardProgress | undefined {
  const feed = use(FeedContext);
  useEffect(() => {
    if (!feed || feed.progress(id)) {
      return undefined;
    }
    const stop = new AbortController();
    void feed.catchUp(id, stop.signal);
    return () => {
      stop.abort();
    };
  }, [feed, id]);
  return useProgress(id);
}

/** Whether what is shown is live. */
export function useLiveStatus(): LiveStatus {
  const feed = use(FeedContext);
  return useSyncExternalStore(feed?.subscribe ?? nothing, () => feed?.status() ?? "connecting");
}

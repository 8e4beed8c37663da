import { createContext, use, useSyncExternalStore } from "react";

import type { LiveStatus } from "./connection";
import type { Feed, HeardProgress } from "./feed";

export const FeedContext = createContext<Feed | undefined>(undefined);

const nothing = () => () => undefined;

/** How far a running analysis is, as the stream told last; nothing until it has told. */
export function useProgress(id: string): HeardProgress | undefined {
  const feed = use(FeedContext);
  return useSyncExternalStore(feed?.subscribe ?? nothing, () => feed?.progress(id));
}

/** Whether what is shown is live. */
export function useLiveStatus(): LiveStatus {
  const feed = use(FeedContext);
  return useSyncExternalStore(feed?.subscribe ?? nothing, () => feed?.status() ?? "connecting");
}

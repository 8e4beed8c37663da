import { useSyncExternalStore } from "react";

const TICK_MS = 15_000;

let now = Date.now();

function subscribe(listener: () => void): () => void {
  // Nobody may have looked for a while.
  now = Date.now();
  const timer = setInterval(() => {
    now = Date.now();
    listener();
  }, TICK_MS);
  return () => {
    clearInterval(timer);
  };
}

/** The time, refreshed now and then: for "5 minutes ago". */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

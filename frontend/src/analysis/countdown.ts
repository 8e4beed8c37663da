import { useSyncExternalStore } from "react";

import { formatSeconds } from "../format";
import type { HeardProgress } from "../live/feed";

function everySecond(listener: () => void): () => void {
  const timer = setInterval(listener, 1000);
  return () => {
    clearInterval(timer);
  };
}

const still = () => () => undefined;

/** The time to the second, while it is wanted. */
export function useSeconds(runs: boolean): number {
  return useSyncExternalStore(runs ? everySecond : still, () => Math.floor(Date.now() / 1000)) * 1000;
}

/** What is left now of what was left when it was told. */
export function remainingNow(progress: HeardProgress | undefined, nowMs: number): string | undefined {
  if (progress?.remainingS === undefined) {
    return undefined;
  }
  const left = progress.remainingS - Math.max(nowMs - progress.heardAt, 0) / 1000;
  return left < 1 ? "nearly done" : `about ${formatSeconds(left)} left`;
}

/** How long something has been going on. */
export function sinceThen(time: string | null | undefined, nowMs: number): string | undefined {
  if (!time) {
    return undefined;
  }
  return formatSeconds(Math.max((nowMs - new Date(time).getTime()) / 1000, 0));
}

/** As in "in 2 min 5 s"; a time that has passed is any moment. */
export function untilThen(time: string, nowMs: number): string {
  const seconds = (new Date(time).getTime() - nowMs) / 1000;
  return seconds < 1 ? "any moment now" : `in ${formatSeconds(seconds)}`;
}

export function ordinal(place: number): string {
  const tens = place % 100;
  const ending = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th");
  return `${place.toLocaleString("en")}${ending}`;
}

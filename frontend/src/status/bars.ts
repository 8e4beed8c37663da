import type { Day } from "./types";
import { dayName, dayWords, lasting } from "./words";

/** What a day's bar says: by its height as by its colour. */
export type DayLevel = "none" | "pass" | "warn" | "fail";

/** A bar of the strip. */
export interface Bar {
  readonly level: DayLevel;
  /** Nothing where the strip begins before the history. */
  readonly day: Day | undefined;
}

export function levelOf(day: Day | undefined): DayLevel {
  if (!day || day.observed_s <= 0) {
    return "none";
  }
  return day.down_s > 0 ? "fail" : day.warn_s > 0 ? "warn" : "pass";
}

/** As many bars as there are to be, the newest at the end. */
export function barsOf(days: readonly Day[], count: number): readonly Bar[] {
  const shown: readonly (Day | undefined)[] = days.slice(-count);
  const missing = Array.from({ length: count - shown.length }, () => undefined);
  return [...missing, ...shown].map((day) => ({ level: levelOf(day), day }));
}

/** A bar in words, as in "3 Nov 2026: down for 12 min 0 s, 1 incident". */
export function barWords({ day }: Bar): string {
  return day ? `${dayName(day.date)}: ${dayWords(day)}` : "not observed";
}

/** Which bar is at a place of the strip, 0 to 1. */
export function barAt(share: number, count: number): number {
  return Math.min(Math.max(Math.floor(share * count), 0), count - 1);
}

/** Days on which something was to be said, newest first. */
export function troubledDays(days: readonly Day[]): readonly Day[] {
  return days.filter((day) => ["warn", "fail"].includes(levelOf(day))).toReversed();
}

/** The strip in a sentence, for those who cannot see it. */
export function stripWords(days: readonly Day[]): string {
  const observed = days.filter(({ observed_s: seconds }) => seconds > 0);
  if (observed.length === 0) {
    return `${lastDays(days.length)}: not observed.`;
  }
  const down = observed.filter((day) => levelOf(day) === "fail");
  const ill = observed.filter((day) => levelOf(day) === "warn");
  const seconds = down.reduce((sum, { down_s: s }) => sum + s, 0);
  const told = [
    ...(down.length > 0 ? [`down on ${down.length} of them, for ${lasting(seconds)} in all`] : []),
    ...(ill.length > 0 ? [`needed a look on ${ill.length}`] : []),
    ...(down.length + ill.length === 0 ? ["well on all that were observed"] : []),
    ...(observed.length < days.length ? [`${days.length - observed.length} not observed`] : []),
  ];
  return `${lastDays(days.length)}: ${told.join("; ")}.`;
}

function lastDays(count: number): string {
  return count === 1 ? "The last day" : `The last ${count} days`;
}

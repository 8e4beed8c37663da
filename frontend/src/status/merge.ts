import type { Incident, StatusEvent } from "./types";

/** Incidents as they were listed, and as those that are open now stand: newest first, each once. */
export function mergedIncidents(open: readonly Incident[], listed: readonly Incident[]): readonly Incident[] {
  const all = new Map(listed.map((incident) => [incident.id, incident]));
  for (const incident of open) {
    all.set(incident.id, incident);
  }
  return [...all.values()].toSorted((one, other) => other.id - one.id);
}

/** Those that a list asked for too early still takes for open: time to ask for it again. */
export function isListStale(open: readonly Incident[], listed: readonly Incident[]): boolean {
  const now = new Set(open.map(({ id }) => id));
  const known = new Set(listed.map(({ id }) => id));
  return listed.some(({ id, ended_at: end }) => !end && !now.has(id)) || open.some(({ id }) => !known.has(id));
}

/** The events of a day in the reader's time zone. */
export interface DayOfEvents {
  /** As in "26 Nov 2026". */
  readonly day: string;
  readonly events: readonly StatusEvent[];
}

const localDay = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
});

/** Events by day, newest first as they come. */
export function byDay(events: readonly StatusEvent[]): readonly DayOfEvents[] {
  const days = new Map<string, StatusEvent[]>();
  for (const event of events) {
    const day = localDay.format(new Date(event.at));
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return [...days].map(([day, items]) => ({ day, events: items }));
}

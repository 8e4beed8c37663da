import { describe, expect, it } from "vitest";

import { byDay, isListStale, mergedIncidents } from "./merge";
import { incident } from "./testing";
import type { StatusEvent } from "./types";

const OPEN = { ended_at: null, resolve_s: null };

describe("incidents", () => {
  it("are each there once, as they stand now, newest first", () => {
    const listed = [incident(3, OPEN), incident(2), incident(1)];
    const merged = mergedIncidents([incident(4, OPEN), incident(3, { ...OPEN, affected: ["canary"] })], listed);
    expect(merged.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
    expect(merged[1]?.affected).toEqual(["canary"]);
  });

  it("are asked for again when one began or ended since", () => {
    expect(isListStale([], [incident(1)])).toBe(false);
    expect(isListStale([incident(2, OPEN)], [incident(2, OPEN), incident(1)])).toBe(false);
    expect(isListStale([incident(2, OPEN)], [incident(1)])).toBe(true);
    expect(isListStale([], [incident(2, OPEN)])).toBe(true);
  });
});

it("events are told by the reader's day", () => {
  const event = (at: Date): StatusEvent => ({ at: at.toISOString(), kind: "released", words: at.toISOString() });
  const [late, early, before] = [
    new Date(2026, 10, 26, 23, 59),
    new Date(2026, 10, 26, 0, 1),
    new Date(2026, 10, 25, 23),
  ];
  const days = byDay([late, early, before].map(event));
  expect(days.map(({ day, events }) => [day, events.length])).toEqual([
    ["Thu, 26 Nov 2026", 2],
    ["Wed, 25 Nov 2026", 1],
  ]);
});

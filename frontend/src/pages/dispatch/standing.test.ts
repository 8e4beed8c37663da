import { expect, it } from "vitest";

import { type DispatchTold, classStandings } from "./standing";

const worker = { name: "w", running: 0, started_at: "2026-11-26T00:00:00Z", seen_at: "2026-11-26T00:00:00Z" };
const told: DispatchTold = {
  counters: {},
  recovery: { count: 0, open: 0 },
  delayed: 0,
  oldest_waiting: null,
  streams: [
    { class: "small", priority: "high", on_redis: 1, behind: 2, running: 3 },
    { class: "small", priority: "low", on_redis: 10, behind: 20, running: 30 },
  ],
  paused: [{ class: "large", reason: "memory", paused_by: "u", paused_at: "2026-11-26T00:00:00Z" }],
  workers: [
    { ...worker, small_places: 2, large_places: 1 },
    { ...worker, small_places: 4, large_places: 0 },
  ],
};

it("adds up each class over its streams and all workers, and keeps classes without jobs", () => {
  const [small, large] = classStandings(told);
  expect(small).toEqual({ name: "small", waiting: 33, running: 33, places: 6, paused: undefined });
  expect(large).toMatchObject({ name: "large", waiting: 0, running: 0, places: 1, paused: { reason: "memory" } });
});

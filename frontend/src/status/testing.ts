import type { Day, Incident, Part, StatusNow } from "./types";

/** A part for tests: well, and nothing special about it. */
export function part(id: string, change: Partial<Part> = {}): Part {
  return {
    id,
    title: id.charAt(0).toUpperCase() + id.slice(1),
    importance: "critical",
    parents: [],
    state: "pass",
    since: "2026-11-25T10:00:00Z",
    flapping: false,
    age_s: 4,
    latency_ms: 3.2,
    uptime: { h24: 1, d7: 1, d30: 0.99987, d90: null },
    ...change,
  };
}

/** The parts of the platform, as they stand on one another. */
export function platformParts(changes: Readonly<Record<string, Partial<Part>>> = {}): Part[] {
  const parents: readonly (readonly [id: string, parents: readonly string[]])[] = [
    ["nginx", []],
    ["frontend", []],
    ["gateway", ["postgres"]],
    ["worker", ["postgres", "redis"]],
    ["postgres", []],
    ["redis", []],
    ["canary", ["nginx", "gateway", "worker", "postgres"]],
    ["disk", []],
  ];
  return parents.map(([id, below]) => part(id, { parents: [...below], ...changes[id] }));
}

/** Postgres is down, and what stands on it. */
export function postgresDown(): Part[] {
  const because = { state: "fail", suppressed_by: "postgres" } as const;
  return platformParts({ postgres: { state: "fail" }, gateway: because, worker: because, canary: because });
}

export function incident(id: number, change: Partial<Incident> = {}): Incident {
  return {
    id,
    part: "postgres",
    title: "Postgres",
    state: "fail",
    began_at: "2026-11-26T10:00:00Z",
    detected_at: "2026-11-26T10:00:03Z",
    ended_at: "2026-11-26T10:05:00Z",
    detect_s: 9,
    resolve_s: 297,
    flapping: false,
    affected: ["gateway", "worker"],
    ...change,
  };
}

export function statusNow(change: Partial<StatusNow> = {}): StatusNow {
  return {
    status: "pass",
    at: "2026-11-26T12:00:00Z",
    age_s: 2,
    version: "0.1.0",
    revision: "a".repeat(40),
    parts: platformParts(),
    incidents: [],
    windows: [],
    ...change,
  };
}

export function day(date: string, change: Partial<Day> = {}): Day {
  return { date, up_share: 1, observed_s: 86_400, down_s: 0, warn_s: 0, incidents: 0, ...change };
}

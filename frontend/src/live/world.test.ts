import { describe, expect, it } from "vitest";

import type { Analysis, Envelope, Frame } from "./frames";
import { World } from "./world";

const progress = (job: string, attempt: number, seq: number, fraction = seq / 10): Frame => ({
  kind: "event",
  id: `${job}:${attempt}-${seq}`,
  envelope: { job, attempt, seq, event: "progress", fraction, step: `step ${seq}`, owner: "o", workspace: "w" },
});
const state = (job: string, attempt: number, seq: number, now: Analysis["state"]): Frame => ({
  kind: "event",
  id: `${job}:${attempt}-${seq}`,
  envelope: { job, attempt, seq, event: "state", state: now, failure: null, owner: "o", workspace: "w" } as Envelope,
});
const analysis = (id: string, now: Analysis["state"], attempt: number) =>
  ({ id, state: now, attempt, agent_version: 2 }) as Analysis;
const snapshot = (complete: boolean, ...analyses: Analysis[]): Frame => ({ kind: "snapshot", complete, analyses });

const OUTSIDE = 1_000_000_000;
const STORY: readonly Frame[] = [
  state("a", 0, OUTSIDE, "queued"),
  state("a", 1, 1, "running"),
  ...[2, 3, 4, 5].map((seq) => progress("a", 1, seq)),
  state("a", 1, OUTSIDE + 5, "queued"),
  state("a", 2, 1, "running"),
  progress("a", 2, 2),
  state("a", 2, 3, "succeeded"),
];

/** Numbers between 0 and 1 that are the same each time (mulberry32). */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => [next(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

describe("what the stream has told", () => {
  it("counts every event once and none from the past", () => {
    const world = new World();
    const counted = STORY.map((frame) => world.hear(frame).length);
    expect(counted.every((changes) => changes > 0)).toBe(true);
    expect(STORY.flatMap((frame) => world.hear(frame))).toEqual([]);
    expect(world.standing("a")).toMatchObject({ state: "succeeded", attempt: 2, seq: 3 });
    expect(world.lastEventId).toBe("a:2-3");
  });

  it("ends where the last event says, in whatever order frames come and however often", () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const next = random(seed);
      const others = STORY.map((frame) => shifted(frame, "b"));
      const frames = shuffled([...STORY, ...others, ...STORY, ...others.slice(0, 5)], next);
      const world = new World();
      const seen = new Map<string, [number, number]>();
      for (const frame of frames) {
        for (const change of world.hear(frame)) {
          if (change.kind === "complete") {
            continue;
          }
          const { id, attempt, seq } = change.standing;
          const before = seen.get(id) ?? [-1, -1];
          expect(attempt > before[0] || (attempt === before[0] && seq >= before[1])).toBe(true);
          seen.set(id, [attempt, seq]);
        }
      }
      for (const id of ["a", "b"]) {
        expect(world.standing(id)).toMatchObject({ state: "succeeded", attempt: 2, seq: 3 });
      }
    }
  });

  it("is not led back by a snapshot that knows less, and forgets progress of an attempt that is over", () => {
    const world = new World();
    world.hear(snapshot(true, analysis("a", "running", 1)));
    world.hear(progress("a", 1, 4));
    expect(world.hear(snapshot(false, analysis("a", "running", 1)))).toMatchObject([{ kind: "told", isNew: false }]);
    expect(world.standing("a")).toMatchObject({ seq: 4, progress: { step: "step 4" } });
    world.hear(state("a", 2, 1, "running"));
    expect(world.standing("a")?.progress).toBeUndefined();
    expect(world.hear(snapshot(false, analysis("a", "running", 1)))).toEqual([]);
    world.hear(state("a", 2, 2, "succeeded"));
    expect(world.hear(snapshot(true, analysis("a", "running", 2)))).toEqual([
      { kind: "complete", unfinished: new Set(["a"]), again: true },
    ]);
  });

  it("says after a gap that all else has ended, and forgets how it stood", () => {
    const world = new World();
    world.hear(snapshot(true, analysis("a", "running", 1), analysis("b", "queued", 0)));
    world.hear({ kind: "gap" });
    const changes = world.hear(snapshot(true, analysis("b", "running", 1)));
    expect(changes.at(-1)).toEqual({ kind: "complete", unfinished: new Set(["b"]), again: true });
    expect(world.standing("a")).toBeUndefined();
    // Tried again later: a new story, and no event of it is taken for a double.
    expect(world.hear(state("a", 2, 1, "running"))).toMatchObject([{ kind: "state", isNew: true }]);
  });

  it("takes progress as news that an attempt runs", () => {
    const world = new World();
    world.hear(snapshot(true, analysis("a", "queued", 0)));
    expect(world.hear(progress("a", 1, 7)).map(({ kind }) => kind)).toEqual(["state", "progress"]);
    expect(world.hear(progress("a", 1, 8)).map(({ kind }) => kind)).toEqual(["progress"]);
  });

  it("lets a tab that has begun or slept catch up with the one that leads", () => {
    const leading = new World();
    const other = new World();
    for (const [index, frame] of STORY.slice(0, 6).entries()) {
      leading.hear(frame);
      if (index < 2) {
        other.hear(frame);
      }
    }
    const changes = other.adopt(leading.all(), leading.lastEventId);
    expect(changes.map(({ kind }) => kind)).toEqual(["state", "progress", "complete"]);
    expect(other.standing("a")).toEqual(leading.standing("a"));
    expect(other.lastEventId).toBe("a:1-5");
    expect(other.adopt(leading.all(), leading.lastEventId).map(({ kind }) => kind)).toEqual(["complete"]);
  });
});

function shifted(frame: Frame, job: string): Frame {
  if (frame.kind !== "event") {
    return frame;
  }
  return { ...frame, id: frame.id.replace("a:", `${job}:`), envelope: { ...frame.envelope, job } };
}

import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { keys } from "../api/keys";
import { CacheKeeper, analysesIn, patched } from "./cache";
import type { Analysis, Frame } from "./frames";
import { World } from "./world";

const analysis = (id: string, state: Analysis["state"], attempt = 1) =>
  ({ id, state, attempt, agent_version: 2, queue_position: 3, failure: null }) as Analysis;
const ended: Frame = {
  kind: "event",
  id: "a:1-9",
  envelope: { job: "a", workspace: "w", owner: "o", attempt: 1, seq: 9, event: "state", state: "succeeded" },
};

describe("what is held", () => {
  it("is changed in one analysis, in lists and in pages of lists, and left alone elsewhere", () => {
    const a = analysis("a", "running");
    const page = { analyses: [a, analysis("b", "queued")], next_cursor: null };
    const pages = { pages: [page, { analyses: [], next_cursor: null }], pageParams: [] };
    for (const held of [a, page, pages]) {
      const next = patched(held, "a", { state: "failed" });
      expect(analysesIn(next).find(({ id }) => id === "a")?.state).toBe("failed");
      expect(patched(held, "c", { state: "failed" })).toBe(held);
    }
    const result = { estimate: 1, state: "odd" };
    expect(patched(result, "a", { state: "failed" })).toBe(result);
    expect(patched(undefined, "a", {})).toBeUndefined();
  });
});

describe("the keeper of the cache", () => {
  let client: QueryClient;
  let world: World;
  let keeper: CacheKeeper;
  beforeEach(() => {
    vi.useFakeTimers();
    client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 10_000 } } });
    world = new World();
    keeper = new CacheKeeper(client, world);
  });
  afterEach(() => {
    keeper.stop();
    client.clear();
    vi.useRealTimers();
  });

  it("shows a new state at once and asks for the rest of it", async () => {
    const fetched = vi.fn(() => Promise.resolve(analysis("a", "succeeded")));
    client.setQueryData(keys.analysis("a"), analysis("a", "running"));
    client.setQueryData(keys.analysisList({}), { analyses: [analysis("a", "running")] });
    const stop = new QueryObserver(client, { queryKey: keys.analysis("a"), queryFn: fetched }).subscribe(
      () => undefined,
    );
    keeper.take(world.hear(ended));
    expect(client.getQueryData<Analysis>(keys.analysis("a"))?.state).toBe("succeeded");
    expect(analysesIn(client.getQueryData(keys.analysisList({})))[0]?.state).toBe("succeeded");
    await vi.advanceTimersByTimeAsync(10);
    expect(fetched).toHaveBeenCalledTimes(1);
    stop();
  });

  it("asks again when an answer from before an event comes after it, and only once", async () => {
    const answers = [analysis("a", "running"), analysis("a", "running"), analysis("a", "running")];
    const fetched = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return answers.shift() ?? analysis("a", "succeeded");
    });
    const stop = new QueryObserver(client, { queryKey: keys.analysis("a"), queryFn: fetched }).subscribe(
      () => undefined,
    );
    await vi.advanceTimersByTimeAsync(50);
    keeper.take(world.hear(ended));
    await vi.advanceTimersByTimeAsync(1000);
    expect(fetched).toHaveBeenCalledTimes(2);
    stop();
  });

  it("reads anew what is held as unfinished and is not told of any more", () => {
    client.setQueryData(keys.analysis("a"), analysis("a", "running"));
    client.setQueryData(keys.analysis("b"), analysis("b", "running"));
    client.setQueryData(keys.analysis("c"), analysis("c", "failed"));
    keeper.take(world.hear({ kind: "snapshot", complete: true, analyses: [analysis("b", "running")] }));
    const isOld = (id: string) => client.getQueryState(keys.analysis(id))?.isInvalidated;
    expect([isOld("a"), isOld("b"), isOld("c")]).toEqual([true, false, false]);
  });

  it("reads anew after a cut what may have been tried again meanwhile, and nothing of it at the first telling", () => {
    client.setQueryData(keys.analysis("a"), analysis("a", "cancelled"));
    client.setQueryData(keys.analysis("b"), analysis("b", "succeeded"));
    const isOld = (id: string) => client.getQueryState(keys.analysis(id))?.isInvalidated;
    const nothing: Frame = { kind: "snapshot", complete: true, analyses: [] };
    keeper.take(world.hear(nothing));
    expect([isOld("a"), isOld("b")]).toEqual([false, false]);
    // Tried again, and done, while nobody listened.
    keeper.take(world.hear(nothing));
    expect([isOld("a"), isOld("b")]).toEqual([true, false]);
  });

  it("reads lists anew at most once a second", () => {
    client.setQueryData(keys.analysisList({}), { analyses: [] });
    const invalidate = vi.spyOn(client, "invalidateQueries");
    for (let job = 0; job < 50; job += 1) {
      keeper.take(world.hear({ kind: "snapshot", complete: false, analyses: [analysis(String(job), "queued")] }));
    }
    vi.advanceTimersByTime(1500);
    expect(invalidate).toHaveBeenCalledTimes(1);
  });

  it("keeps a place in the queue that a snapshot does not tell", () => {
    client.setQueryData(keys.analysis("a"), analysis("a", "queued"));
    const told = { ...analysis("a", "queued"), queue_position: null };
    keeper.take(world.hear({ kind: "snapshot", complete: true, analyses: [told] }));
    expect(client.getQueryData<Analysis>(keys.analysis("a"))?.queue_position).toBe(3);
  });
});

import { expect, test } from "vitest";

import { type Analysis, merged } from "./merge";
import { toggled } from "./selection";

const all = { workspaceId: "w" };

function analysis(id: number, state: Analysis["state"] = "succeeded"): Analysis {
  const created_at = new Date(1_700_000_000_000 + id * 1000).toISOString();
  return { id: String(id), state, created_at } as Analysis;
}

const ids = (list: readonly Analysis[]) => list.map(({ id }) => id).join(" ");

test("new ones stand before those read earlier, each once", () => {
  const { analyses, hasGap } = merged([analysis(5), analysis(4)], [analysis(4), analysis(3)], all);
  expect(ids(analyses)).toBe("5 4 3");
  expect(hasGap).toBe(false);
});

test("the newest reading counts", () => {
  const { analyses } = merged([analysis(4, "succeeded")], [analysis(4, "running"), analysis(3)], all);
  expect(analyses[0]?.state).toBe("succeeded");
});

test("so many new ones that some may lie between are a gap", () => {
  expect(merged([analysis(9), analysis(8)], [analysis(4), analysis(3)], all).hasGap).toBe(true);
  expect(merged([analysis(9)], [], all).hasGap).toBe(false);
  expect(merged(undefined, [analysis(1)], all).hasGap).toBe(false);
});

test("what has changed its state leaves a list of that state", () => {
  const { analyses } = merged([], [analysis(2, "succeeded"), analysis(1, "running")], { ...all, state: "running" });
  expect(ids(analyses)).toBe("1");
});

test("two can be selected; a third takes the place of the first", () => {
  expect(toggled(["a", "b"], "c")).toEqual(["b", "c"]);
  expect(toggled(["a", "b"], "a")).toEqual(["b"]);
});

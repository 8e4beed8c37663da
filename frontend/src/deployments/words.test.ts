import { describe, expect, it } from "vitest";

import { overview, summary } from "./testing";
import type { StepView } from "./types";
import {
  STATES,
  askedBy,
  headWords,
  isUnderWay,
  isWatched,
  kindWords,
  originWords,
  short,
  untakenWord,
  wentWrong,
} from "./words";

const NEWER = { commit: "b".repeat(40), at: "2026-11-26T10:00:00Z" };

describe("the words for deployments", () => {
  it("say who asked for it", () => {
    expect(askedBy(summary({ by: "ann@example.org", source: "manual" }))).toBe("by ann@example.org");
    expect(askedBy(summary({ source: "push" }))).toBe("by a push");
    expect(kindWords(summary({ kind: "rollback", target: 10 }))).toBe("Rollback to #10");
    expect(originWords(summary({ kind: "rollback", target: 10, by: "a@b.c" }))).toBe("#12, back to #10, by a@b.c");
    expect(originWords(summary())).toBe("#12, by CI that passed");
  });

  it("explain every state that is neither under way nor simply live", () => {
    const states = Object.keys(STATES) as (keyof typeof STATES)[];
    expect(states.filter(isUnderWay)).toEqual(["pending", "running", "taking_back"]);
    expect(states.filter((state) => !wentWrong(state))).toEqual(["pending", "running", "live", "replaced"]);
  });

  it("say how the branch's head stands to what is live", () => {
    expect(headWords(overview())).toContain("not looked at main yet");
    expect(headWords(overview({ head: { ...NEWER, commit: "a".repeat(40), considered: true } }))).toContain(
      "the one that is live",
    );
    const running = summary({ commit: { ...summary().commit, id: NEWER.commit } });
    expect(headWords(overview({ head: { ...NEWER, considered: true }, running }))).toContain("on its way");
    expect(headWords(overview({ head: { ...NEWER, considered: true }, pending: running }))).toContain("on its way");
    expect(headWords(overview({ head: { ...NEWER, considered: false } }))).toContain("not had its turn");
    expect(headWords(overview({ head: { ...NEWER, considered: true } }))).toContain("not tried again by itself");
    const pin = { deployment: 10, by: "a@b.c", since: "2026-11-26T10:00:00Z", reason: "." };
    expect(headWords(overview({ head: { ...NEWER, considered: true }, pin }))).toContain("the pin holds back");
    expect(headWords(overview({ head: { ...NEWER, considered: false }, trigger: "manual" }))).toContain(
      "not been deployed",
    );
  });

  it("tell a step that was not needed from one that was not reached", () => {
    const steps: StepView[] = [
      { step: "migrate", state: "skipped" },
      { step: "web", state: "failed" },
      { step: "switch", state: "skipped" },
    ];
    expect(steps.map((step) => untakenWord(steps, step))).toEqual(["skipped", "skipped", "not reached"]);
  });

  it("know until when a live one is watched", () => {
    const live = summary({ watch_until: "2026-11-26T10:10:00Z" });
    expect(isWatched(live, Date.parse("2026-11-26T10:09:59Z"))).toBe(true);
    expect(isWatched(live, Date.parse("2026-11-26T10:10:00Z"))).toBe(false);
    expect(isWatched({ ...live, state: "replaced" }, 0)).toBe(false);
    expect(isWatched(summary(), 0)).toBe(false);
  });

  it("shorten ids, not names", () => {
    expect(short("a".repeat(40))).toBe("a".repeat(12));
    expect(short("v1.2.3")).toBe("v1.2.3");
  });
});

import { expect, test } from "vitest";

import { ApiProblem } from "../api/problem";
import { dataDifferences, forgottenIn, valuesOf } from "./clone";
import type { Column } from "./columns";
import { forgetDraft, keepDraft, readDraft } from "./draft";
import { IdempotencyKeys } from "./idempotency";
import { fieldOf, problemWords, toldProblems } from "./problems";
import { fieldsOf, flattened } from "./schema/fields";
import { inputValue, startProblem, startTime } from "./startTime";
import { BAKERY } from "./testing/agents";

const fields = fieldsOf(BAKERY);

test("an earlier question is what it asked beside the defaults", () => {
  const parameters = {
    loaves: "bread",
    yeast: null,
    weather: [],
    crust: "hc2",
    steam: true,
    oven: { degrees: 200 },
    old: 1,
  };
  expect(valuesOf(fields, parameters)).toEqual({ loaves: "bread", crust: "hc2", oven: { degrees: 200 } });
  expect(forgottenIn(fields, parameters)).toEqual(["old"]);
});

test("the data of two versions differ in words", () => {
  const column = (name: string, type: Column["type"]) => ({ name, type }) as Column;
  const before = {
    dataset: { id: "1", name: "a", version: 1, rows: 10 },
    columns: [column("x", "text"), column("y", "float")],
  };
  const now = {
    dataset: { id: "2", name: "a", version: 2, rows: 12 },
    columns: [column("x", "integer"), column("z", "date")],
  };
  expect(dataDifferences(before, now)).toEqual([
    "“a” version 2 instead of “a” version 1.",
    "12 rows instead of 10.",
    "New columns: z.",
    "Columns that are gone: y.",
    "x holds whole numbers, not words.",
  ]);
  expect(dataDifferences(before, before)).toEqual([]);
});

test("what the API refuses is told at the field it names", () => {
  const errors = [
    { pointer: "/parameters/weather/1", detail: "`rain` is no weather" },
    { pointer: "/run_at", detail: "too late" },
  ];
  const body = { type: "urn:e2i:problem:invalid-parameters", title: "Invalid", status: 422, errors };
  const [first, second] = toldProblems(new ApiProblem(422, body));
  const all = flattened(fields);
  expect(first && fieldOf(first, all)?.pointer).toBe("/weather");
  expect(first && problemWords(first, undefined, all)).toBe("“rain” is no weather");
  expect(second && fieldOf(second, all)).toBeUndefined();
  expect(toldProblems(new Error("x"))).toEqual([]);
  expect(problemWords({ pointer: "/loaves", detail: "This is needed." }, all[0], all)).toBe("Choose a column.");
});

test("the same request has the same key, another one another", () => {
  const keys = new IdempotencyKeys();
  const key = keys.keyFor({ a: 1 });
  expect(key).toMatch(/^[0-9a-f]{32}$/u);
  expect(keys.keyFor({ a: 1 })).toBe(key);
  expect(keys.keyFor({ a: 2 })).not.toBe(key);
});

test("a draft outlives a reload, and storage that fails harms nothing", () => {
  const held = new Map<string, string>();
  const storage = {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => void held.set(name, value),
    removeItem: (name: string) => void held.delete(name),
  };
  const key = { workspaceId: "w", agent: "a", clone: undefined };
  keepDraft(key, { loaves: "bread" }, storage);
  expect(readDraft(key, storage)).toEqual({ loaves: "bread" });
  expect(readDraft({ ...key, clone: "c" }, storage)).toBeUndefined();
  forgetDraft(key, storage);
  expect(readDraft(key, storage)).toBeUndefined();
  const full = {
    setItem: () => {
      throw new Error("full");
    },
  };
  expect(() => {
    keepDraft(key, {}, full);
  }).not.toThrow();
});

test("a time to start at is sent in UTC and lies ahead", () => {
  const now = new Date("2026-03-01T10:00:00Z");
  const soon = inputValue(new Date("2026-03-01T11:00:00Z"));
  expect(startTime(soon)).toBe("2026-03-01T11:00:00.000Z");
  expect(startProblem(soon, now)).toBeUndefined();
  expect(startProblem(undefined, now)).toBeUndefined();
  expect(startProblem("", now)).toContain("Give a day");
  expect(startProblem(inputValue(new Date("2026-02-01T11:00:00Z")), now)).toContain("past");
  expect(startProblem(inputValue(new Date("2026-05-01T11:00:00Z")), now)).toContain("30 days");
});

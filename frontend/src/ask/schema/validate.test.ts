import { expect, test } from "vitest";

import { BAKERY } from "../testing/agents";
import { problemsOf } from "./validate";

const GOOD = { loaves: "bread", oven_load: 3, glaze: { kind: "none" } };

function told(change: object): [string, string][] {
  return problemsOf(BAKERY, { ...GOOD, ...change }).map(({ pointer, detail }) => [pointer, detail]);
}

test("what is right has no problems", () => {
  expect(told({})).toEqual([]);
  expect(told({ yeast: null, weather: ["rain"], oven: { degrees: 200 }, glaze: { kind: "egg", eggs: 2 } })).toEqual([]);
});

test("what is missing is told at its place", () => {
  expect(problemsOf(BAKERY, {}).map(({ pointer }) => pointer)).toEqual(["/loaves", "/oven_load", "/glaze"]);
  expect(told({ loaves: "" })).toEqual([["/loaves", "This is needed."]]);
  expect(told({ oven: {} })).toEqual([["/oven/degrees", "This is needed."]]);
  expect(told({ glaze: { kind: "egg" } })).toEqual([["/glaze/eggs", "This is needed."]]);
  expect(told({ yeast: "y" })).toEqual([["/weather", "This is needed."]]);
});

test("bounds and types are told in words", () => {
  expect(told({ oven_load: 1 })).toEqual([["/oven_load", "Give a whole number from 2 to 12."]]);
  expect(told({ oven_load: 2.5 })).toEqual([["/oven_load", "Give a whole number from 2 to 12."]]);
  expect(told({ patience: 0 })).toEqual([["/patience", "Give a number, above 0."]]);
  expect(told({ patience: "much" })).toEqual([["/patience", "Give a number, above 0."]]);
  expect(told({ crust: "none" })).toEqual([["/crust", "Choose one of the values offered."]]);
  expect(told({ oven: { degrees: 20 } })).toEqual([["/oven/degrees", "Give a whole number from 100 to 300."]]);
});

test("lists: how many, and each once", () => {
  expect(told({ weather: ["rain", "rain"] })).toEqual([["/weather/1", '"rain" stands twice; name it once.']]);
  expect(told({ weather: ["a", "b", "c"] })).toEqual([["/weather", "Choose at most 2."]]);
});

test("what is not asked for is refused, and conditions count", () => {
  expect(told({ jam: 1 })).toEqual([["/jam", "This is not asked for here; leave it out."]]);
  const schema = {
    if: { properties: { a: { const: 1 } }, required: ["a"] },
    then: { required: ["b"] },
    else: { properties: { b: false } },
  };
  expect(problemsOf(schema, { a: 1 })).toEqual([{ pointer: "/b", detail: "This is needed." }]);
  expect(problemsOf(schema, { a: 2, b: 1 })).toHaveLength(1);
  expect(problemsOf({ not: { required: ["a"] } }, { a: 1 })).toHaveLength(1);
  expect(problemsOf({ pattern: "^\\d+$", type: "string" }, "x")).toHaveLength(1);
});

import { expect, test } from "vitest";

import { isIdle, layoutOf } from "./layout";
import { fieldsOf } from "./schema/fields";
import { BAKERY } from "./testing/agents";

const fields = fieldsOf(BAKERY);
const names = (list: readonly { pointer: string }[]) => list.map(({ pointer }) => pointer.slice(1));

test("roles stand in the order in which a question is explained", () => {
  const { roles } = layoutOf(fields);
  expect(roles.map(({ title, fields: own }) => [title, names(own)])).toEqual([
    ["The question", ["loaves", "yeast"]],
    ["What to hold fixed", ["weather"]],
  ]);
});

test("values and parts of a column field stand below it", () => {
  const { below } = layoutOf(fields);
  expect(names(below.get("/yeast") ?? [])).toEqual(["yeast_value"]);
  expect(names(below.get("/weather") ?? [])).toEqual(["weather_codes"]);
});

test("what is needed and choices among few stand open, settings are folded", () => {
  const { options, advanced } = layoutOf(fields);
  expect(names(options)).toEqual(["crust", "oven_load", "steam_ml", "oven", "glaze"].toSorted(byRank));
  expect(names(advanced)).toEqual(["patience", "helpers", "steam", "secrets"]);
});

function byRank(left: string, right: string): number {
  const order = ["oven_load", "glaze", "crust", "steam_ml", "oven"];
  return order.indexOf(left) - order.indexOf(right);
}

test("a role that nobody knows has a place too", () => {
  const strange = fieldsOf({
    properties: {
      moon: { title: "Moon", type: "string", "x-role": "tide" },
      unit: { title: "Unit", type: ["string", "null"], default: null, "x-role": "unit" },
      gaps: { title: "Gaps", description: "What to do with units.", default: "a", enum: ["a", "b"] },
    },
  });
  const { roles, options } = layoutOf(strange);
  expect(names(roles.at(-1)?.fields ?? [])).toEqual(["moon"]);
  const [gaps] = options;
  expect(gaps && isIdle(gaps, strange, () => false)).toBe(true);
  expect(gaps && isIdle(gaps, strange, ({ role }) => role === "unit")).toBe(false);
});

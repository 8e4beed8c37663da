import { expect, test } from "vitest";

import { BAKERY } from "../testing/agents";
import { fieldsOf } from "./fields";
import { parametersOf, valueAt, withValue } from "./values";
import { beginning, choiceLabel, humanised, numberWords, withTitles } from "./words";

const fields = fieldsOf(BAKERY);
const always = () => true;

test("values are set and taken out at their place", () => {
  const set = withValue({ a: 1 }, ["b", "c"], 2);
  expect(set).toEqual({ a: 1, b: { c: 2 } });
  expect(valueAt(set, ["b", "c"])).toBe(2);
  expect(withValue(set, ["b", "c"], undefined)).toEqual({ a: 1 });
});

test("only what says something is sent", () => {
  const values = {
    loaves: "bread",
    yeast: null,
    weather: [],
    steam: false,
    crust: "thin",
    patience: 2,
    oven: { degrees: 200 },
    glaze: { kind: "none" },
  };
  expect(parametersOf(fields, values, always)).toEqual({
    loaves: "bread",
    steam: false,
    patience: 2,
    oven: { degrees: 200 },
    glaze: { kind: "none" },
  });
});

test("what is not asked for as things stand is not sent", () => {
  const values = { loaves: "bread", steam_ml: 3, glaze: { kind: "none", eggs: 2 } };
  const sent = parametersOf(fields, values, ({ pointer }) => pointer !== "/steam_ml" && pointer !== "/glaze/eggs");
  expect(sent).toEqual({ loaves: "bread", glaze: { kind: "none" } });
});

test("names and choices read like words", () => {
  expect(humanised("refuter_budget_s")).toBe("Refuter budget s");
  expect(humanised("maxRows")).toBe("Max rows");
  expect(choiceLabel("aipw_linear", undefined, "Augmented inverse propensity weighting, linear")).toBe("AIPW linear");
  expect(choiceLabel("not_yet_treated", undefined, "Those, and units that start later.")).toBe("Not yet treated");
  expect(numberWords({ type: "integer", minimum: 1 })).toBe("a whole number, 1 or more");
  expect(withTitles("give `loaves` or `x`", fields)).toBe("give “Loaves” or “x”");
});

test("a long help begins with whole sentences", () => {
  const long = `${"A sentence that says much. ".repeat(6)}The end.`;
  const { first, rest } = beginning(long);
  expect(first.endsWith("much.")).toBe(true);
  expect(`${first} ${rest}`).toBe(long);
  expect(beginning("Short.")).toEqual({ first: "Short.", rest: "" });
  const abbreviated = `Leaves rows out of the weighting whose propensity is below this (Crump et al. 2009). ${"Then more. ".repeat(9)}`;
  expect(beginning(abbreviated).first).toContain("et al. 2009).");
});

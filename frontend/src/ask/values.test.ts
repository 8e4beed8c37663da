import { expect, it } from "vitest";

import type { Field } from "./schema";
import { complaints, initialValues, problemsOf, toParameters, usedAs, withoutUnknown } from "./values";

const fields: Field[] = [
  { name: "x", title: "Treatment", kind: "column", role: "treatment", required: true },
  { name: "held", title: "Covariates", kind: "columns", role: "confounder", required: false, default: [] },
  { name: "level", title: "Level", kind: "number", required: false, default: 0.95, minimum: 0.5, maximum: 0.999 },
  { name: "trim", title: "Trim", kind: "number", required: false, default: null },
];

it("begins with what is given, else with the defaults, and sends what is filled in", () => {
  const values = initialValues(fields, { x: "treat", held: ["age"] });
  expect(values).toEqual({ x: "treat", held: ["age"], level: 0.95, trim: "" });
  expect(toParameters(fields, values)).toEqual({ x: "treat", held: ["age"], level: 0.95 });
});

it("leaves out columns that the table does not have, and names them", () => {
  const values = initialValues(fields, { x: "treat", held: ["age", "gone"] });
  expect(withoutUnknown(fields, values, new Set(["age"]))).toEqual({
    values: { x: "", held: ["age"], level: 0.95, trim: "" },
    unknown: ["treat", "gone"],
  });
});

it("tells what is missing or out of bounds before it is sent", () => {
  const values = { ...initialValues(fields), level: 1.2 };
  expect(problemsOf(fields, values)).toEqual({ x: "Choose a column", level: "At most 0.999" });
  expect(problemsOf(fields, { ...values, x: "treat", level: 0.9 })).toEqual({});
});

it("knows which column is taken", () => {
  const used = usedAs(fields, initialValues(fields, { x: "treat", held: ["age"] }));
  expect([...used].map(([column, { name }]) => [column, name])).toEqual([
    ["treat", "x"],
    ["age", "held"],
  ]);
});

it("puts the API's complaints to their fields", () => {
  const errors = [
    { pointer: "/parameters/x", detail: "there is no column treat" },
    { pointer: "/parameters/a~1b/0", detail: "no" },
    { pointer: "/dataset_id", detail: "elsewhere" },
  ];
  expect(complaints(errors)).toEqual({ x: "there is no column treat", "a/b": "no" });
  expect(complaints(undefined)).toEqual({});
});

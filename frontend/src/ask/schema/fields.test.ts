import { expect, test } from "vitest";

import { BAKERY } from "../testing/agents";
import { type Field, fieldsOf, flattened } from "./fields";
import { isVisible } from "./values";

const fields = fieldsOf(BAKERY);
const all = flattened(fields);

function field(pointer: string): Field {
  const found = all.find((one) => one.pointer === pointer);
  if (!found) {
    throw new Error(`no field ${pointer}`);
  }
  return found;
}

test("columns are known by the schema's extensions", () => {
  expect(field("/loaves")).toMatchObject({
    title: "Loaves",
    role: "outcome",
    required: true,
    control: { kind: "column", wanted: "numeric" },
  });
  expect(field("/loaves").help).toContain("came out. Counted");
  expect(field("/yeast")).toMatchObject({
    nullable: true,
    required: false,
    control: { kind: "column", wanted: "binary" },
  });
  expect(field("/weather")).toMatchObject({ role: "confounder", control: { kind: "columns" }, default: [] });
  expect(field("/weather_codes")).toMatchObject({ role: undefined, control: { kind: "columns", wanted: "any" } });
});

test("numbers, switches, choices and texts have controls of their own", () => {
  expect(field("/oven_load").control).toMatchObject({ kind: "number", rules: { minimum: 2, maximum: 12 } });
  expect(field("/steam")).toMatchObject({ control: { kind: "boolean" }, default: true });
  expect(field("/crust").control).toEqual({
    kind: "choice",
    choices: [
      { value: "thin", label: "Thin", help: "Breaks when looked at." },
      { value: "hc2", label: "HC2", help: "Hard crust, second kind." },
    ],
  });
  expect(field("/helpers")).toMatchObject({ title: "Helpers", control: { kind: "texts" } });
  expect(field("/secrets").control.kind).toBe("json");
});

test("a nested object, behind a reference and an anyOf with null, is fields", () => {
  expect(field("/oven")).toMatchObject({ title: "Oven", nullable: true, control: { kind: "object" } });
  expect(field("/oven/degrees")).toMatchObject({ title: "Degrees", required: true, control: { kind: "number" } });
});

test("kinds of an object are a choice, and each kind's fields are there with it alone", () => {
  expect(field("/glaze/kind").control).toEqual({
    kind: "choice",
    choices: [
      { value: "none", label: "No glaze" },
      { value: "egg", label: "Egg" },
    ],
  });
  const eggs = field("/glaze/eggs");
  expect(isVisible(eggs, {}, BAKERY, all)).toBe(false);
  expect(isVisible(eggs, { glaze: { kind: "none" } }, BAKERY, all)).toBe(false);
  expect(isVisible(eggs, { glaze: { kind: "egg" } }, BAKERY, all)).toBe(true);
});

test("what the schema says under a condition is asked under it, defaults counted", () => {
  const steam = field("/steam_ml");
  expect(isVisible(steam, {}, BAKERY, all)).toBe(true);
  expect(isVisible(steam, { steam: false }, BAKERY, all)).toBe(false);
});

test("dependent schemas and properties that are taken away", () => {
  const schema = {
    type: "object",
    properties: { a: { type: "string" }, b: { type: "string" } },
    dependentSchemas: { a: { properties: { c: { type: "string" }, b: false } } },
  };
  const made = fieldsOf(schema);
  const visible = (values: Record<string, unknown>) =>
    made.filter((one) => isVisible(one, values, schema, made)).map(({ pointer }) => pointer);
  expect(visible({})).toEqual(["/a", "/b"]);
  expect(visible({ a: "x" })).toEqual(["/a", "/c"]);
});

test("enums, titles of choices and names with odd letters", () => {
  const [plain, odd] = fieldsOf({
    properties: { size: { enum: [1, 2, null] }, "a/b": { oneOf: [{ const: true }, { const: false, title: "Never" }] } },
  });
  expect(plain?.control).toEqual({
    kind: "choice",
    choices: [
      { value: 1, label: "1" },
      { value: 2, label: "2" },
    ],
  });
  expect(odd?.pointer).toBe("/a~1b");
  expect(odd?.control).toMatchObject({ choices: [{ label: "Yes" }, { label: "Never" }] });
});

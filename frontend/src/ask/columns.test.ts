import { expect, test } from "vitest";

import { type Column, looksLikeTime, offersFor } from "./columns";
import { takenColumns, withoutGone } from "./roles";
import { type Field, fieldsOf } from "./schema/fields";

function column(name: string, more: Partial<Column> = {}): Column {
  return {
    name,
    type: "integer",
    rows: 100,
    missing: 0,
    distinct: 40,
    topValues: [],
    allValuesKnown: false,
    min: undefined,
    max: undefined,
    ...more,
  };
}

const COLUMNS = [
  column("age"),
  column("smoker", { distinct: 2 }),
  column("treated", { distinct: 2 }),
  column("name", { type: "text", distinct: 100 }),
  column("city", { type: "text", distinct: 5 }),
  column("sample", { type: "text", distinct: 1 }),
  column("blank", { type: "empty", missing: 100, distinct: 0 }),
  column("rare", { missing: 90 }),
  column("month", { type: "text", distinct: 12, topValues: ["2024-01", "2024-02"] }),
  column("began", { type: "text", distinct: 1, missing: 60, topValues: ["2024-06"] }),
];

const roles = [
  "outcome:numeric",
  "treatment:any",
  "confounder:any",
  "time:time",
  "treatment_start:time",
  "cluster:any",
];
const fields = fieldsOf({
  properties: Object.fromEntries(
    roles.map((one) => {
      const [role = "", kind] = one.split(":");
      const column = { type: "string", "x-role": role, "x-column-kind": kind };
      return [role, role === "confounder" ? { ...column, type: "array", items: { type: "string" } } : column];
    }),
  ),
});

function field(role: string): Field {
  const found = fields.find((one) => one.role === role);
  if (!found) {
    throw new Error(role);
  }
  return found;
}

function refusal(role: string, name: string, values = {}): string | undefined {
  const offers = offersFor(field(role), COLUMNS, takenColumns(fields, values));
  return offers.find((offer) => offer.column.name === name)?.refusal;
}

test("columns that cannot serve say why", () => {
  expect(refusal("outcome", "city")).toBe("holds words, numbers are wanted");
  expect(refusal("outcome", "blank")).toBe("has no values");
  expect(refusal("confounder", "sample")).toBe("always the same value");
  expect(refusal("confounder", "rare")).toBe("no value in 90 % of rows");
  expect(refusal("confounder", "name")).toBe("a value of its own in every row");
  expect(refusal("outcome", "age")).toBeUndefined();
  expect(refusal("cluster", "name")).toBeUndefined();
});

test("a start may be missing, and be the same for all who start", () => {
  expect(refusal("treatment_start", "began")).toBeUndefined();
  expect(refusal("time", "began")).toBe("always the same value");
});

test("a column has one role, but groups may be held fixed too", () => {
  const values = { outcome: "age", confounder: ["city"], treatment: "treated" };
  expect(refusal("treatment", "age", values)).toBe("used already: Outcome");
  expect(refusal("outcome", "age", values)).toBeUndefined();
  expect(refusal("cluster", "city", values)).toBeUndefined();
  expect(refusal("cluster", "treated", values)).toBe("used already: Treatment");
});

test("what looks like it comes first", () => {
  const first = (role: string) => offersFor(field(role), COLUMNS, new Map())[0];
  expect(first("treatment")).toMatchObject({ column: { name: "treated" }, suggested: true });
  expect(offersFor(field("treatment"), COLUMNS, new Map())[1]?.column.name).toBe("smoker");
  expect(first("time")).toMatchObject({ column: { name: "month" }, suggested: true });
  expect(first("treatment_start")).toMatchObject({ column: { name: "began" }, suggested: true });
  expect(looksLikeTime(column("year", { min: 1990, max: 2020 }))).toBe(true);
  expect(looksLikeTime(column("age"))).toBe(false);
});

test("columns that are not there are named and left out", () => {
  const { kept, gone } = withoutGone(fields, { outcome: "weight", confounder: ["age", "height"] }, COLUMNS);
  expect(kept).toEqual({ confounder: ["age"] });
  expect(gone).toEqual([
    { name: "weight", title: "Outcome" },
    { name: "height", title: "Confounder" },
  ]);
});

import { expect, it } from "vitest";

import { type Column, suggestion, unfitness } from "./columns";
import type { Field } from "./schema";

const column = (name: string, type: Column["type"], distinct?: number, missing = 0): Column => ({
  name,
  type,
  missing,
  ...(distinct === undefined ? {} : { profile: { name, type, missing, distinct } as Column["profile"] & object }),
});

it("says why a column cannot serve", () => {
  expect(unfitness({ columnKind: "numeric" }, column("age", "integer", 40), 445)).toBeUndefined();
  expect(unfitness({ columnKind: "numeric" }, column("city", "text", 9), 445)).toContain("text");
  expect(unfitness({ columnKind: "time" }, column("price", "float", 9), 445)).toContain("dates or numbered periods");
  expect(unfitness({ columnKind: "any" }, column("origin", "text", 1), 445)).toContain("same value");
  expect(unfitness({ columnKind: "any" }, column("gone", "float", 0, 445), 445)).toContain("no values");
});

it("suggests a column that says itself that it is the treatment, and none where that is a guess", () => {
  const treatment = { name: "x", title: "Treatment", kind: "column", role: "treatment", required: true } as Field;
  const covariates = [column("black", "integer", 2), column("age", "integer", 40)];
  expect(suggestion(treatment, [...covariates, column("treat", "integer", 2)], 445)).toBe("treat");
  expect(suggestion(treatment, covariates, 445)).toBeUndefined();
});

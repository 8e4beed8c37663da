import { isNumeric } from "../columns";
import type { ColumnType } from "../datasets";
import type { Bound, DeriveDraft, Draft, FilterDraft, ReshapeDraft } from "./draft";
import type { RecipeColumn, RecipeCondition, RecipeFormula, RecipeRange, RecipeStep, RecipeValue } from "./types";

/** A step that can be sent, or everything that is still missing for it. */
export type Written = { readonly step: RecipeStep } | { readonly missing: readonly string[] };

/** Makes a step of what was chosen, on the columns that there are then. */
export function toStep(draft: Draft, columns: readonly RecipeColumn[]): Written {
  switch (draft.step) {
    case "filter":
      return filter(draft, columns);
    case "derive":
      return derive(draft, columns);
    case "keep":
    case "drop": {
      const { step, columns: named } = draft;
      return named.length === 0
        ? { missing: ["Choose at least one column."] }
        : { step: { step, columns: [...named] } };
    }
    case "reshape":
      return reshape(draft, columns);
  }
}

function filter({ column, test, values, low, high }: FilterDraft, columns: readonly RecipeColumn[]): Written {
  if (column === "") {
    return { missing: ["Choose the column to look at."] };
  }
  const reader = new ValueReader(typeOf(column, columns));
  const is = condition(test, values, { low, high }, reader);
  return reader.missing.length > 0 || is === undefined
    ? { missing: reader.missing }
    : { step: { step: "filter", column, is } };
}

function condition(
  test: FilterDraft["test"],
  values: readonly string[],
  bounds: Pick<FilterDraft, "low" | "high">,
  reader: ValueReader,
): RecipeCondition | undefined {
  switch (test) {
    case "missing":
    case "not_missing":
      return test;
    case "equals":
      return { equals: reader.one(values[0] ?? "", "Say which value.") };
    case "not_equals":
      return { not_equals: reader.one(values[0] ?? "", "Say which value.") };
    case "one_of":
      return { one_of: reader.many(values) };
    case "none_of":
      return { none_of: reader.many(values) };
    case "range":
      return { range: range(bounds, reader) };
  }
}

function range({ low, high }: Pick<FilterDraft, "low" | "high">, reader: ValueReader): RecipeRange {
  if (isOpen(low) && isOpen(high)) {
    reader.missing.push("Give a smallest or a largest value, or both.");
  }
  return {
    ...(isOpen(low) ? {} : { [low.inclusive ? "at_least" : "above"]: reader.one(low.value, "") }),
    ...(isOpen(high) ? {} : { [high.inclusive ? "at_most" : "below"]: reader.one(high.value, "") }),
  };
}

function isOpen({ value }: Bound): boolean {
  return value.trim() === "";
}

function derive(draft: DeriveDraft, columns: readonly RecipeColumn[]): Written {
  const missing: string[] = [];
  const name = draft.name.trim();
  if (name === "") {
    missing.push("Name the new column.");
  } else if (columns.some((column) => column.name === name)) {
    missing.push(`There is a column “${name}” already; give the new one another name.`);
  }
  const from = formula(draft, columns, missing);
  return missing.length > 0 || from === undefined ? { missing } : { step: { step: "derive", name, from } };
}

function formula(draft: DeriveDraft, columns: readonly RecipeColumn[], missing: string[]): RecipeFormula | undefined {
  const { column, other, unit, time, period, allowsGaps } = draft;
  if (column === "") {
    missing.push("Choose the column to compute from.");
  }
  switch (draft.formula) {
    case "log":
      return { log: { column } };
    case "log1p":
      return { log1p: { column } };
    case "difference":
      need(other, "Choose the column to take off.", missing);
      return { difference: { column, minus: other } };
    case "ratio":
      need(other, "Choose the column to divide by.", missing);
      return { ratio: { column, over: other } };
    case "difference_from_baseline": {
      need(unit, "Choose the column that names the units.", missing);
      need(time, "Choose the column that names the periods.", missing);
      const reader = new ValueReader(typeOf(time, columns), missing);
      const baseline = period.trim() === "" ? {} : { period: reader.one(period, "") };
      const gaps = allowsGaps ? "allow" : "refuse";
      return { difference_from_baseline: { column, unit, time, ...baseline, gaps } };
    }
  }
}

function reshape(draft: ReshapeDraft, columns: readonly RecipeColumn[]): Written {
  const { unit, time, split, values, carry, before, allowsGaps } = draft;
  const missing: string[] = [];
  need(unit, "Choose the column that names the units.", missing);
  need(time, "Choose the column that names the periods.", missing);
  const splitAt = new ValueReader(typeOf(time, columns), missing).one(split, "Say which period is the first after.");
  if (values.length === 0) {
    missing.push("Choose at least one column of numbers.");
  }
  if (missing.length > 0) {
    return { missing };
  }
  const gaps = allowsGaps ? "allow" : "refuse";
  return {
    step: { step: "reshape", unit, time, split: splitAt, values: [...values], carry: [...carry], before, gaps },
  };
}

function need(value: string, words: string, missing: string[]): void {
  if (value === "") {
    missing.push(words);
  }
}

function typeOf(name: string, columns: readonly RecipeColumn[]): ColumnType {
  return columns.find((column) => column.name === name)?.type ?? "text";
}

/** Reads typed values as a column of that type holds them. */
class ValueReader {
  constructor(
    private readonly type: ColumnType,
    readonly missing: string[] = [],
  ) {}

  many(typed: readonly string[]): RecipeValue[] {
    if (typed.length === 0) {
      this.missing.push("Give at least one value.");
    }
    return typed.map((value) => this.one(value, "A value is empty."));
  }

  /** Text is taken as it is typed, spaces included. */
  one(typed: string, ifEmpty: string): RecipeValue {
    const trimmed = typed.trim();
    if (trimmed === "") {
      this.missing.push(ifEmpty);
      return "";
    }
    if (isNumeric(this.type)) {
      const number = Number(trimmed);
      if (!Number.isFinite(number)) {
        this.missing.push(`“${typed}” is no number; write it like 1000.5.`);
      }
      return number;
    }
    if (this.type === "boolean") {
      if (trimmed !== "true" && trimmed !== "false") {
        this.missing.push(`“${typed}” is neither true nor false.`);
      }
      return trimmed === "true";
    }
    return this.type === "text" ? typed : trimmed;
  }
}

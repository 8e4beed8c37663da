import type { RecipeCondition, RecipeFormula, RecipeRange, RecipeStep, RecipeValue } from "./types";

/** How a row is looked at. */
export type Test = "equals" | "not_equals" | "one_of" | "none_of" | "range" | "missing" | "not_missing";

/** Which formula a new column has. */
export type FormulaKind = "log" | "log1p" | "difference" | "ratio" | "difference_from_baseline";

/** One end of a range. */
export interface Bound {
  readonly value: string;
  /** Whether the value itself is within. */
  readonly inclusive: boolean;
}

export interface FilterDraft {
  readonly step: "filter";
  readonly column: string;
  readonly test: Test;
  /** Of `equals` and its opposite the first alone. */
  readonly values: readonly string[];
  readonly low: Bound;
  readonly high: Bound;
}

export interface DeriveDraft {
  readonly step: "derive";
  readonly name: string;
  readonly formula: FormulaKind;
  readonly column: string;
  /** What is taken off, or divided by. */
  readonly other: string;
  readonly unit: string;
  readonly time: string;
  /** The baseline; empty for the first period. */
  readonly period: string;
  readonly allowsGaps: boolean;
}

export interface ColumnsDraft {
  readonly step: "keep" | "drop";
  readonly columns: readonly string[];
}

export interface ReshapeDraft {
  readonly step: "reshape";
  readonly unit: string;
  readonly time: string;
  readonly split: string;
  readonly values: readonly string[];
  readonly carry: readonly string[];
  readonly before: "mean" | "last";
  readonly allowsGaps: boolean;
}

/** A step as it is being written: everything may be missing, values are as typed. */
export type Draft = FilterDraft | DeriveDraft | ColumnsDraft | ReshapeDraft;
export type StepKind = Draft["step"];

const OPEN: Bound = { value: "", inclusive: true };

const FILTER: FilterDraft = { step: "filter", column: "", test: "equals", values: [], low: OPEN, high: OPEN };
const DERIVE: DeriveDraft = {
  step: "derive",
  name: "",
  formula: "log",
  column: "",
  other: "",
  unit: "",
  time: "",
  period: "",
  allowsGaps: false,
};

/** A step of that kind with nothing chosen yet. */
export function emptyDraft(step: StepKind): Draft {
  switch (step) {
    case "filter":
      return FILTER;
    case "derive":
      return DERIVE;
    case "keep":
    case "drop":
      return { step, columns: [] };
    case "reshape":
      return { step, unit: "", time: "", split: "", values: [], carry: [], before: "mean", allowsGaps: false };
  }
}

/** A step of a kept recipe, to be changed. */
export function draftOf(step: RecipeStep): Draft {
  switch (step.step) {
    case "filter":
      return { ...FILTER, column: step.column, ...conditionOf(step.is) };
    case "derive":
      return { ...DERIVE, name: step.name, ...formulaOf(step.from) };
    case "keep":
    case "drop":
      return { step: step.step, columns: step.columns };
    case "reshape":
      return {
        step: "reshape",
        unit: step.unit,
        time: step.time,
        split: String(step.split),
        values: step.values,
        carry: step.carry ?? [],
        before: step.before ?? "mean",
        allowsGaps: step.gaps === "allow",
      };
  }
}

function conditionOf(condition: RecipeCondition): Partial<FilterDraft> {
  if (typeof condition === "string") {
    return { test: condition };
  }
  if ("equals" in condition) {
    return { test: "equals", values: [String(condition.equals)] };
  }
  if ("not_equals" in condition) {
    return { test: "not_equals", values: [String(condition.not_equals)] };
  }
  if ("one_of" in condition) {
    return { test: "one_of", values: condition.one_of.map(String) };
  }
  if ("none_of" in condition) {
    return { test: "none_of", values: condition.none_of.map(String) };
  }
  return { test: "range", ...boundsOf(condition.range) };
}

function boundsOf({ at_least, above, at_most, below }: RecipeRange): Pick<FilterDraft, "low" | "high"> {
  return { low: bound(at_least, above), high: bound(at_most, below) };
}

function bound(inclusive: RecipeValue | null | undefined, exclusive: RecipeValue | null | undefined): Bound {
  const value = inclusive ?? exclusive;
  return value === null || value === undefined
    ? OPEN
    : { value: String(value), inclusive: inclusive !== null && inclusive !== undefined };
}

function formulaOf(formula: RecipeFormula): Partial<DeriveDraft> {
  if ("log" in formula) {
    return { formula: "log", column: formula.log.column };
  }
  if ("log1p" in formula) {
    return { formula: "log1p", column: formula.log1p.column };
  }
  if ("difference" in formula) {
    return { formula: "difference", column: formula.difference.column, other: formula.difference.minus };
  }
  if ("ratio" in formula) {
    return { formula: "ratio", column: formula.ratio.column, other: formula.ratio.over };
  }
  const { column, unit, time, period, gaps } = formula.difference_from_baseline;
  return {
    formula: "difference_from_baseline",
    column,
    unit,
    time,
    period: period === null || period === undefined ? "" : String(period),
    allowsGaps: gaps === "allow",
  };
}

import type { Recipe, RecipeCondition, RecipeFormula, RecipeRange, RecipeStep, RecipeValue } from "./types";

const MOST_NAMED = 6;

/** A recipe in one line. */
export function sayRecipe({ steps }: Recipe): string {
  return steps.map(sayStep).join("; then ");
}

/** What a step does, in words. */
export function sayStep(step: RecipeStep): string {
  switch (step.step) {
    case "filter":
      return `keep the rows where ${quoted(step.column)} ${sayCondition(step.is)}`;
    case "derive":
      return `add ${quoted(step.name)}: ${sayFormula(step.from)}`;
    case "keep":
      return `keep only ${columns(step.columns)}`;
    case "drop":
      return `leave out ${columns(step.columns)}`;
    case "reshape": {
      const before = step.before === "last" ? "the last value" : "the mean";
      const carried = step.carry && step.carry.length > 0 ? `, with ${listed(step.carry)} carried along` : "";
      return (
        `make one row for each ${quoted(step.unit)}: of ${listed(step.values)} ${before} before ${said(step.split)} ` +
        `and the mean from then on (by ${quoted(step.time)})${carried}${gaps(step.gaps)}`
      );
    }
  }
}

export function sayCondition(condition: RecipeCondition): string {
  if (typeof condition === "string") {
    return condition === "missing" ? "has no value" : "has a value";
  }
  if ("equals" in condition) {
    return `is ${said(condition.equals)}`;
  }
  if ("not_equals" in condition) {
    return `is not ${said(condition.not_equals)}`;
  }
  if ("one_of" in condition) {
    return `is ${joined(condition.one_of.map(said), "or")}`;
  }
  if ("none_of" in condition) {
    return `is neither ${joined(condition.none_of.map(said), "nor")}`;
  }
  return `is ${sayRange(condition.range)}`;
}

function sayRange({ at_least, above, at_most, below }: RecipeRange): string {
  const bounds = [
    ["at least", at_least],
    ["above", above],
    ["at most", at_most],
    ["below", below],
  ] as const;
  return bounds
    .flatMap(([words, bound]) => (bound === null || bound === undefined ? [] : [`${words} ${said(bound)}`]))
    .join(" and ");
}

export function sayFormula(formula: RecipeFormula): string {
  if ("log" in formula) {
    return `the natural logarithm of ${quoted(formula.log.column)}`;
  }
  if ("log1p" in formula) {
    return `the natural logarithm of 1 + ${quoted(formula.log1p.column)}`;
  }
  if ("difference" in formula) {
    return `${quoted(formula.difference.column)} less ${quoted(formula.difference.minus)}`;
  }
  if ("ratio" in formula) {
    return `${quoted(formula.ratio.column)} divided by ${quoted(formula.ratio.over)}`;
  }
  const { column, unit, time, period, gaps: allowed } = formula.difference_from_baseline;
  const baseline = period === null || period === undefined ? "in the first period" : `in ${said(period)}`;
  return (
    `${quoted(column)} less its value of the same ${quoted(unit)} ${baseline} ` + `(by ${quoted(time)})${gaps(allowed)}`
  );
}

function gaps(allowed: "refuse" | "allow" | undefined): string {
  return allowed === "allow" ? "; periods may be missing" : "";
}

function columns(names: readonly string[]): string {
  return `${names.length === 1 ? "the column" : "the columns"} ${listed(names)}`;
}

function listed(names: readonly string[]): string {
  return joined(names.map(quoted), "and");
}

function joined(words: readonly string[], last: "and" | "or" | "nor"): string {
  const shown = words.length > MOST_NAMED ? [...words.slice(0, MOST_NAMED - 1), others(words.length)] : words;
  const end = shown.at(-1) ?? "nothing";
  return shown.length < 2 ? end : `${shown.slice(0, -1).join(", ")} ${last} ${end}`;
}

function others(count: number): string {
  return `${count - MOST_NAMED + 1} others`;
}

function said(value: RecipeValue): string {
  return typeof value === "string" ? quoted(value) : String(value);
}

function quoted(name: string): string {
  return `“${name}”`;
}

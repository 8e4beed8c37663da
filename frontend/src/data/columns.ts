import type { ColumnProfile, ColumnType } from "./datasets";
import { formatCount, formatNumber, formatTime } from "../format";

/** What the values of a column are, in words. */
export const TYPE_WORDS: Record<ColumnType, string> = {
  integer: "whole number",
  float: "number",
  boolean: "true or false",
  date: "date",
  timestamp: "date and time",
  text: "text",
  empty: "empty",
};

export function isNumeric(type: ColumnType): boolean {
  return type === "integer" || type === "float";
}

/** One bar of a column's distribution. */
export interface Bar {
  readonly label: string;
  readonly count: number;
}

/** How the values of a column are spread. */
export interface Bars {
  /** Equal-width ranges from smallest to largest, or single values. */
  readonly of: "ranges" | "values";
  readonly bars: readonly Bar[];
  /** Rows whose value has no bar of its own; only with values. */
  readonly others: number;
}

/** Up to so many different numbers each number gets a bar of its own: 0 and 1 are no ranges. */
const FEW_NUMBERS = 12;

/** The distribution of a column: every number where they are few, ranges of numbers, or the most frequent values. */
export function barsOf(column: ColumnProfile, rows: number): Bars {
  const { numeric, distinct, distinct_exact, top_values, missing } = column;
  const told = top_values.reduce((sum, { count }) => sum + count, 0);
  const others = Math.max(rows - missing - told, 0);
  if (!numeric) {
    return { of: "values", bars: top_values.map(({ value, count }) => ({ label: value, count })), others };
  }
  if (distinct_exact && distinct <= FEW_NUMBERS && others === 0) {
    const byNumber = top_values.toSorted((left, right) => Number(left.value) - Number(right.value));
    return { of: "values", bars: byNumber.map(({ value, count }) => ({ label: value, count })), others: 0 };
  }
  const width = (numeric.max - numeric.min) / numeric.histogram.length;
  const bars = numeric.histogram.map((count, bin) => {
    const from = numeric.min + bin * width;
    return { label: `${formatNumber(from)} to ${formatNumber(from + width)}`, count };
  });
  return { of: "ranges", bars, others: 0 };
}

/** The values of a column in one line. */
export function summaryOf({ numeric, time_range, top_values, distinct, type }: ColumnProfile): string {
  if (type === "empty" || distinct === 0) {
    return "no values";
  }
  if (numeric) {
    const { min, max, mean } = numeric;
    return min === max
      ? `always ${formatNumber(min)}`
      : `${formatNumber(min)} to ${formatNumber(max)}, mean ${formatNumber(mean)}`;
  }
  const [first, last] = time_range ?? [];
  if (first !== undefined && last !== undefined) {
    return `${formatMoment(first, type)} to ${formatMoment(last, type)}`;
  }
  const shown = top_values.slice(0, 3).map(({ value }) => value);
  return distinct > shown.length ? `${shown.join(", ")}, …` : shown.join(", ");
}

/** Distinct values, with "about" where they were estimated. */
export function distinctWords({ distinct, distinct_exact }: ColumnProfile): string {
  return distinct_exact ? formatCount(distinct) : `about ${formatCount(distinct)}`;
}

/** A share of rows: nothing is 0 %, and what is not all is never 100 %. */
export function shareWords(count: number, rows: number): string {
  const percent = rows === 0 ? 0 : (count / rows) * 100;
  if (count === 0) {
    return "0 %";
  }
  if (percent < 1) {
    return "< 1 %";
  }
  return percent > 99 && count < rows ? "> 99 %" : `${Math.round(percent)} %`;
}

/** The warnings that are about this column. */
export function warningsAbout(name: string, warnings: readonly string[]): string[] {
  return warnings.filter((warning) => warning.startsWith(`\`${name}\` `));
}

/** The column that a warning is about. */
export function columnOf(warning: string, names: readonly string[]): string | undefined {
  return names.find((name) => warning.startsWith(`\`${name}\` `));
}

/** As in "1 row" and "445 rows". */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A date has no time of day and no zone. */
export function formatMoment(moment: string, type: ColumnType): string {
  return type === "date" ? moment.slice(0, 10) : formatTime(moment);
}

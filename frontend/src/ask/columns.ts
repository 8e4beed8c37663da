import type { ColumnProfile, ColumnType } from "../data/datasets";
import { formatCount } from "../format";
import type { Field } from "./schema";

/** A column of the table, as far as it is known. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Cells without a value. */
  readonly missing: number;
  readonly profile?: ColumnProfile;
}

const NUMBERS: readonly ColumnType[] = ["integer", "float", "boolean"];
const TIMES: readonly ColumnType[] = ["date", "timestamp", "integer", "text"];

/** Why a column cannot serve as `field`; nothing where it can. */
export function unfitness(
  field: Pick<Field, "columnKind">,
  column: Column,
  rows: number | undefined,
): string | undefined {
  if (column.type === "empty" || (rows !== undefined && rows > 0 && column.missing >= rows)) {
    return "it has no values";
  }
  if (column.profile?.distinct === 1) {
    return "it has the same value in every row";
  }
  if (field.columnKind === "numeric" && !NUMBERS.includes(column.type)) {
    return `it holds ${nameOf(column.type)}, and numbers are wanted`;
  }
  if (field.columnKind === "time" && !TIMES.includes(column.type)) {
    return `it holds ${nameOf(column.type)}, and dates or numbered periods are wanted`;
  }
  return undefined;
}

/** What a column holds, in a few words. */
export function describe(column: Column): string {
  const distinct = column.profile?.distinct;
  const values = typeof distinct === "number" ? `, ${formatCount(distinct)} values` : "";
  const missing = column.missing > 0 ? `, ${formatCount(column.missing)} missing` : "";
  return `${nameOf(column.type)}${values}${missing}`;
}

/** The column that says by its name and its two values that it is the treatment; a mere guess would mislead. */
export function suggestion(field: Field, columns: readonly Column[], rows: number | undefined): string | undefined {
  const fit = columns.filter((column) => unfitness(field, column, rows) === undefined);
  if (field.role === "treatment") {
    const twoValued = fit.filter(({ profile }) => profile?.distinct === 2);
    return twoValued.find(({ name }) => /treat|exposed|group|arm|program|campaign/i.test(name))?.name;
  }
  return undefined;
}

function nameOf(type: ColumnType): string {
  switch (type) {
    case "integer":
      return "whole numbers";
    case "float":
      return "numbers";
    case "boolean":
      return "yes or no";
    case "date":
      return "dates";
    case "timestamp":
      return "times";
    case "text":
      return "text";
    case "empty":
      return "nothing";
  }
}

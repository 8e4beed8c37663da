import type { ColumnType, Dataset } from "../data/datasets";
import { formatCount, formatPercent } from "../format";
import type { Field } from "./schema/fields";

/** What is known of a column: its type always, the rest once the dataset is profiled. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly rows: number;
  readonly missing: number;
  readonly distinct: number | undefined;
  readonly topValues: readonly string[];
  /** Whether `topValues` are all the values there are. */
  readonly allValuesKnown: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export function columnsOf(dataset: Pick<Dataset, "schema" | "profile">): Column[] {
  const profiles = new Map(dataset.profile?.columns.map((profile) => [profile.name, profile]));
  const rows = dataset.schema?.rows ?? 0;
  return (dataset.schema?.columns ?? []).map(({ name, type, missing }) => {
    const profile = profiles.get(name);
    const topValues = profile?.top_values.map(({ value }) => value) ?? [];
    return {
      name,
      type,
      rows,
      missing,
      distinct: profile?.distinct,
      topValues,
      allValuesKnown: profile !== undefined && profile.distinct_exact && topValues.length === profile.distinct,
      min: profile?.numeric?.min,
      max: profile?.numeric?.max,
    };
  });
}

/** A column offered for a role. */
export interface Offer {
  readonly column: Column;
  /** Why it cannot serve; nothing where it can. */
  readonly refusal: string | undefined;
  /** Whether it is refused for another field's sake alone. */
  readonly isTaken: boolean;
  /** Whether it looks like what is wanted. */
  readonly suggested: boolean;
}

/** By a column's name: the fields that use it. */
export type Taken = ReadonlyMap<string, readonly Field[]>;

/** All columns for a field: suggested ones first, those that cannot serve last, each with the reason. */
export function offersFor(field: Field, columns: readonly Column[], used: Taken): Offer[] {
  const offers = columns.map((column) => {
    const unfit = refusalOf(field, column);
    const taken = unfit === undefined ? takenBy(field, used.get(column.name) ?? []) : undefined;
    const refusal = unfit ?? taken;
    const score = refusal === undefined ? scoreOf(field.role, column) : -1;
    return { column, refusal, isTaken: taken !== undefined, suggested: score > 0, score };
  });
  return offers.toSorted((left, right) => right.score - left.score);
}

/** Above this share of rows without a value nothing can be learnt from a column. */
const MOST_MISSING = 0.8;
/** Roles in which no value says something: a unit that never starts. */
const MAY_BE_MISSING = new Set(["treatment_start"]);

function refusalOf({ role, control }: Field, column: Column): string | undefined {
  const { type, missing, rows, distinct } = column;
  if (type === "empty" || (rows > 0 && missing === rows)) {
    return "has no values";
  }
  const mayBeMissing = MAY_BE_MISSING.has(role ?? "");
  if (distinct !== undefined && distinct <= 1 && !(mayBeMissing && missing > 0)) {
    return "always the same value";
  }
  if (missing > MOST_MISSING * rows && !mayBeMissing) {
    return `no value in ${formatPercent(Math.floor((1000 * missing) / rows) / 1000)} of rows`;
  }
  const wanted = control.kind === "column" || control.kind === "columns" ? control.wanted : "any";
  return kindRefusal(wanted, column) ?? roleRefusal(role, column);
}

function kindRefusal(wanted: string, { type, distinct, allValuesKnown }: Column): string | undefined {
  const isNumeric = type === "integer" || type === "float" || type === "boolean";
  switch (wanted) {
    case "numeric":
      return isNumeric ? undefined : `holds ${TYPE_PLURALS[type]}, numbers are wanted`;
    case "binary":
      return distinct === undefined || distinct === 2
        ? undefined
        : `has ${formatCount(distinct)} different values, two are wanted`;
    case "categorical":
      return type === "float" && !allValuesKnown ? "holds amounts, categories are wanted" : undefined;
    case "time":
      return type === "float" || type === "boolean" ? `holds ${TYPE_PLURALS[type]}, times are wanted` : undefined;
    default:
      return undefined;
  }
}

function roleRefusal(role: string | undefined, { type, distinct, rows, missing }: Column): string | undefined {
  const isOneEach = type === "text" && distinct !== undefined && rows > 2 && distinct >= rows - missing;
  return isOneEach && (role === "confounder" || role === "modifier" || role === "treatment")
    ? "a value of its own in every row"
    : undefined;
}

const TYPE_PLURALS: Record<ColumnType, string> = {
  integer: "whole numbers",
  float: "numbers with decimals",
  boolean: "yes or no",
  date: "dates",
  timestamp: "times",
  text: "words",
  empty: "nothing",
};

/** What a column holds, in a word or two. */
export function typeWords({ type }: Pick<Column, "type">): string {
  return { ...TYPE_PLURALS, float: "numbers" }[type];
}

const WANTED: Record<string, string> = {
  numeric: "A column of numbers",
  binary: "A column of two values",
  categorical: "A column of categories",
  time: "A column of dates, months or other times",
};

/** What kind of column a field wants; nothing where any will do. */
export function wantedWords({ control }: Field): string | undefined {
  switch (control.kind) {
    case "column":
      return WANTED[control.wanted];
    case "columns":
      return WANTED[control.wanted]?.replace("A column", "Columns");
    default:
      return undefined;
  }
}

/** What is to be explained has no second role; groups of rows may have. */
const ALONE = new Set(["outcome", "treatment", "treatment_start"]);
const SHARING = new Set(["cluster", undefined]);

function takenBy(field: Field, users: readonly Field[]): string | undefined {
  const clash = users.find(
    (user) =>
      user.pointer !== field.pointer &&
      (ALONE.has(user.role ?? "") ||
        ALONE.has(field.role ?? "") ||
        !(SHARING.has(user.role) || SHARING.has(field.role))),
  );
  return clash && `used already: ${clash.title}`;
}

/** How much a column looks like what a role wants; nothing of it is above 0 where it cannot be told. */
function scoreOf(role: string | undefined, column: Column): number {
  const { distinct = Number.NaN, rows, type, missing } = column;
  const isNumeric = type === "integer" || type === "float";
  switch (role) {
    case "treatment":
      return distinct !== 2 || missing > 0
        ? 0
        : isNamed(column, /treat|expos|arm|interven|program|campaign|visit/iu)
          ? 2
          : 1;
    case "outcome":
      return isNumeric && distinct > 2 && isNamed(column, /outcome|result|sales|revenue|spend|earn|wage|prescription/iu)
        ? 1
        : 0;
    case "time":
      return looksLikeTime(column) && missing === 0 ? 1 : 0;
    case "treatment_start":
      return looksLikeTime(column) && (missing > 0 || isNamed(column, /start|first|begin|since/iu)) ? 1 : 0;
    case "unit":
      return !looksLikeTime(column) && type !== "float" && distinct >= 10 && distinct * 2 <= rows && type === "text"
        ? 1
        : 0;
    default:
      return 0;
  }
}

function isNamed({ name }: Column, pattern: RegExp): boolean {
  return pattern.test(name);
}

/** Dates, and words or whole numbers that read like years, months, quarters or weeks. */
export function looksLikeTime({ type, topValues, min, max }: Column): boolean {
  if (type === "date" || type === "timestamp") {
    return true;
  }
  if (type === "integer") {
    return min !== undefined && max !== undefined && min >= 1900 && max <= 2100;
  }
  return (
    type === "text" &&
    topValues.length > 0 &&
    topValues.every((value) => /^\d{4}[-/ ]?(Q[1-4]|W?\d{1,2})/iu.test(value))
  );
}

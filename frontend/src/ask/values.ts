import type { Field } from "./schema";

/** What the form holds for each field: text as typed, numbers or an empty text, chosen columns. */
export type Value = string | number | boolean | readonly string[];
export type Values = Readonly<Record<string, Value>>;

/** The values that a new form begins with: the given parameters where they fit, else the schema's defaults. */
export function initialValues(fields: readonly Field[], given: Readonly<Record<string, unknown>> = {}): Values {
  return Object.fromEntries(fields.map((field) => [field.name, initial(field, given[field.name] ?? field.default)]));
}

function initial(field: Field, from: unknown): Value {
  switch (field.kind) {
    case "columns":
    case "choices":
      return Array.isArray(from) ? from.filter((one): one is string => typeof one === "string") : [];
    case "boolean":
      return from === true;
    case "number":
    case "integer":
      return typeof from === "number" ? from : "";
    default:
      return typeof from === "string" ? from : "";
  }
}

/** Given columns that the table does not have (any more), taken out; and which those are. */
export function withoutUnknown(
  fields: readonly Field[],
  values: Values,
  known: ReadonlySet<string>,
): { values: Values; unknown: string[] } {
  const unknown = new Set<string>();
  const kept = { ...values };
  for (const { name, kind } of fields) {
    const value = values[name];
    if (kind === "column" && typeof value === "string" && value !== "" && !known.has(value)) {
      unknown.add(value);
      kept[name] = "";
    } else if (kind === "columns" && Array.isArray(value)) {
      const columns = value as readonly string[];
      columns.filter((column) => !known.has(column)).forEach((column) => unknown.add(column));
      kept[name] = columns.filter((column) => known.has(column));
    }
  }
  return { values: kept, unknown: [...unknown] };
}

/** The parameters to send: what is left empty is left to the agent's default. */
export function toParameters(fields: readonly Field[], values: Values): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const { name } of fields) {
    const value = values[name];
    if (value !== undefined && value !== "") {
      parameters[name] = value;
    }
  }
  return parameters;
}

/** What is wrong with what was typed, by field; the API has the last word. */
export function problemsOf(fields: readonly Field[], values: Values): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const problem = problemOf(field, values[field.name]);
    if (problem !== undefined) {
      problems[field.name] = problem;
    }
  }
  return problems;
}

function problemOf(field: Field, value: Value | undefined): string | undefined {
  const isEmpty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  if (isEmpty) {
    return field.required ? `Choose ${field.kind === "column" ? "a column" : "a value"}` : undefined;
  }
  if (typeof value === "number") {
    if (field.minimum !== undefined && value < field.minimum) {
      return `At least ${field.minimum}`;
    }
    if (field.maximum !== undefined && value > field.maximum) {
      return `At most ${field.maximum}`;
    }
  }
  return undefined;
}

/** In which role a column is used already: `treatment` → the title of that field. */
export function usedAs(fields: readonly Field[], values: Values): Map<string, Field> {
  const used = new Map<string, Field>();
  for (const field of fields) {
    if (field.role === undefined) {
      continue;
    }
    for (const column of [values[field.name]].flat()) {
      if (typeof column === "string" && column !== "") {
        used.set(column, field);
      }
    }
  }
  return used;
}

/** The API's complaints by field: `/parameters/outcome` is the field `outcome`; the others are told as a whole. */
export function complaints(errors: unknown): Record<string, string> {
  const byField: Record<string, string> = {};
  for (const error of Array.isArray(errors) ? (errors as unknown[]) : []) {
    const { pointer, detail } = (error ?? {}) as { pointer?: unknown; detail?: unknown };
    const name = typeof pointer === "string" ? /^\/parameters\/([^/]+)/.exec(pointer)?.[1] : undefined;
    if (name !== undefined && typeof detail === "string") {
      byField[name.replaceAll("~1", "/").replaceAll("~0", "~")] = detail;
    }
  }
  return byField;
}

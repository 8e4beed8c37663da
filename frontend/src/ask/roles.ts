import type { Column, Taken } from "./columns";
import { type Field, flattened } from "./schema/fields";
import { type Values, valueAt, withValue } from "./schema/values";

/** A role with its columns. */
export interface GivenRole {
  readonly role: string;
  readonly title: string;
  readonly columns: readonly string[];
}

/** The columns a field names. */
export function columnsIn({ control, path }: Field, values: Values): string[] {
  if (control.kind !== "column" && control.kind !== "columns") {
    return [];
  }
  const value = valueAt(values, path);
  const named: readonly unknown[] = Array.isArray(value) ? value : [value];
  return named.filter((one): one is string => typeof one === "string" && one !== "");
}

/** The roles that have columns. */
export function givenRoles(fields: readonly Field[], values: Values): GivenRole[] {
  return flattened(fields).flatMap((field) => {
    const columns = columnsIn(field, values);
    return field.role !== undefined && columns.length > 0 ? [{ role: field.role, title: field.title, columns }] : [];
  });
}

/** By a column's name: the fields that name it. */
export function takenColumns(fields: readonly Field[], values: Values): Taken {
  const taken = new Map<string, Field[]>();
  for (const field of flattened(fields)) {
    for (const name of columnsIn(field, values)) {
      taken.set(name, [...(taken.get(name) ?? []), field]);
    }
  }
  return taken;
}

/** A column that a field names and the dataset does not have. */
export interface Gone {
  readonly name: string;
  readonly title: string;
}

/** The values without columns that the dataset does not have, and those columns. */
export function withoutGone(
  fields: readonly Field[],
  values: Values,
  columns: readonly Column[],
): { readonly kept: Values; readonly gone: readonly Gone[] } {
  const names = new Set(columns.map(({ name }) => name));
  const gone: Gone[] = [];
  let kept = values;
  for (const field of flattened(fields)) {
    const chosen = columnsIn(field, values);
    const missing = chosen.filter((name) => !names.has(name));
    if (missing.length === 0) {
      continue;
    }
    gone.push(...missing.map((name) => ({ name, title: field.title })));
    const rest = chosen.filter((name) => names.has(name));
    kept = withValue(kept, field.path, rest.length > 0 ? rest : undefined);
  }
  return { kept, gone };
}

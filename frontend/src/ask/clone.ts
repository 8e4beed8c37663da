import type { Dataset } from "../data/datasets";
import { formatCount } from "../format";
import type { Column } from "./columns";
import { typeWords } from "./columns";
import type { Field } from "./schema/fields";
import { flattened } from "./schema/fields";
import { isRecord, same } from "./schema/jsonSchema";
import { type Values, valueAt, withValue } from "./schema/values";

/** The form of an earlier question: what it asked that is not the default, as far as the agent still asks it. */
export function valuesOf(fields: readonly Field[], parameters: unknown): Values {
  let values: Values = {};
  for (const field of flattened(fields)) {
    const value = valueAt(parameters, field.path);
    if (field.control.kind !== "object" && value !== undefined && value !== null && !same(value, field.default)) {
      values = withValue(values, field.path, value);
    }
  }
  return values;
}

/** What an earlier question gave that the agent does not ask for any more. */
export function forgottenIn(fields: readonly Field[], parameters: unknown): string[] {
  const known = new Set(fields.map(({ path }) => path[0]));
  return isRecord(parameters) ? Object.keys(parameters).filter((name) => !known.has(name)) : [];
}

type Version = Pick<Dataset, "id" | "name" | "version" | "rows">;

/** How the data differ from those of an earlier question, in sentences. */
export function dataDifferences(
  before: { readonly dataset: Version; readonly columns: readonly Column[] },
  now: { readonly dataset: Version; readonly columns: readonly Column[] },
): string[] {
  if (before.dataset.id === now.dataset.id) {
    return [];
  }
  const sentences = [`${told(now.dataset)} instead of ${told(before.dataset)}.`];
  const [rowsBefore, rowsNow] = [before.dataset.rows ?? 0, now.dataset.rows ?? 0];
  sentences.push(
    rowsBefore === rowsNow
      ? `As many rows as before: ${formatCount(rowsNow)}.`
      : `${formatCount(rowsNow)} rows instead of ${formatCount(rowsBefore)}.`,
  );
  const earlier = new Map(before.columns.map((column) => [column.name, column]));
  const later = new Map(now.columns.map((column) => [column.name, column]));
  const added = now.columns.filter(({ name }) => !earlier.has(name)).map(({ name }) => name);
  const removed = before.columns.filter(({ name }) => !later.has(name)).map(({ name }) => name);
  const changed = now.columns.flatMap((column) => {
    const was = earlier.get(column.name);
    return was && was.type !== column.type ? [`${column.name} holds ${typeWords(column)}, not ${typeWords(was)}`] : [];
  });
  sentences.push(
    ...(added.length > 0 ? [`New columns: ${added.join(", ")}.`] : []),
    ...(removed.length > 0 ? [`Columns that are gone: ${removed.join(", ")}.`] : []),
    ...(changed.length > 0 ? [`${changed.join("; ")}.`] : []),
  );
  return added.length + removed.length + changed.length === 0 ? [...sentences, "The columns are the same."] : sentences;
}

function told({ name, version }: Version): string {
  return `“${name}” version ${version}`;
}

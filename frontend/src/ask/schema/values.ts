import type { Condition, Field } from "./fields";
import { type JsonSchema, isRecord, same } from "./jsonSchema";
import { isGiven, isValid } from "./validate";

/** What was filled in: only what differs from the defaults need be there. */
export type Values = Readonly<Record<string, unknown>>;

export function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, part) => (isRecord(found) ? found[part] : undefined), values);
}

/** The same with another value at that place; `undefined` takes it out. */
export function withValue(values: Values, path: readonly string[], value: unknown): Values {
  const [first, ...rest] = path;
  if (first === undefined) {
    return values;
  }
  const { [first]: before, ...others } = values;
  const next = rest.length === 0 ? value : withValue(isRecord(before) ? before : {}, rest, value);
  const isEmpty = next === undefined || (rest.length > 0 && isRecord(next) && Object.keys(next).length === 0);
  // In the place where it was: the order of keys is the order of edits otherwise.
  return isEmpty ? others : { ...values, [first]: next };
}

/** What a field holds: what was filled in, else its default. */
export function currentValue(field: Field, values: Values): unknown {
  const given = valueAt(values, field.path);
  return given === undefined ? field.default : given;
}

/** Whether a field is asked for as things stand. */
export function isVisible(field: Field, values: Values, root: JsonSchema, all: readonly Field[]): boolean {
  return field.conditions.every((condition) => holds(condition, values, root, all));
}

function holds({ path, test, negated }: Condition, values: Values, root: JsonSchema, all: readonly Field[]): boolean {
  return isValid(test, withDefaults(valueAt(values, path) ?? {}, path, all), root) !== negated;
}

/** An object as the agent will see it: conditions hold of defaults too. */
function withDefaults(object: unknown, path: readonly string[], all: readonly Field[]): Record<string, unknown> {
  const filled: Record<string, unknown> = {};
  for (const field of all) {
    const isOwn = field.path.length === path.length + 1 && path.every((part, index) => field.path[index] === part);
    const name = field.path.at(-1);
    if (isOwn && name !== undefined && field.default !== undefined) {
      filled[name] = field.default;
    }
  }
  return { ...filled, ...(isRecord(object) ? object : {}) };
}

/** The parameters to send: visible fields that say something other than their default. */
export function parametersOf(fields: readonly Field[], values: Values, asked: (field: Field) => boolean): Values {
  let parameters: Values = {};
  for (const field of fields) {
    if (!asked(field)) {
      continue;
    }
    if (field.control.kind === "object") {
      const inner = parametersOf(field.control.fields, values, asked);
      const own = valueAt(inner, field.path);
      parameters = own === undefined && !field.required ? parameters : withValue(parameters, field.path, own ?? {});
      continue;
    }
    const value = valueAt(values, field.path);
    const says =
      isGiven(value) || (isGiven(field.default) && value !== undefined && (value !== null || field.nullable));
    if (says && !(same(value, field.default) && !field.required)) {
      parameters = withValue(parameters, field.path, value);
    }
  }
  return parameters;
}

/** What the form reads of a JSON Schema (2020-12). Unknown keywords are left alone. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema | boolean>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | boolean;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly else?: JsonSchema;
  readonly $ref?: string;
  readonly "x-role"?: string;
  readonly "x-column-kind"?: string;
}

/** A schema without its leave to be null, and whether it gave it. */
export interface Unwrapped {
  readonly schema: JsonSchema;
  readonly nullable: boolean;
}

const MAX_REFS = 16;

/** What stands behind `$ref` (within the same document), with the words that stand beside it. */
export function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let found = schema;
  for (let step = 0; found.$ref !== undefined && step < MAX_REFS; step += 1) {
    const { $ref, ...beside } = found;
    found = { ...at(root, $ref), ...beside };
  }
  return found;
}

function at(root: JsonSchema, ref: string): JsonSchema {
  let found: unknown = root;
  for (const part of ref.replace(/^#\/?/, "").split("/")) {
    found = isRecord(found) ? found[unescaped(part)] : undefined;
  }
  return isRecord(found) ? found : {};
}

/** Takes null out: of `type: ["string", "null"]` and of `anyOf: [..., { type: "null" }]`. */
export function unwrapped(schema: JsonSchema, root: JsonSchema): Unwrapped {
  const whole = resolved(schema, root);
  if (Array.isArray(whole.type) && whole.type.includes("null")) {
    const types = (whole.type as string[]).filter((type) => type !== "null");
    const [only] = types;
    return { schema: { ...whole, type: types.length === 1 && only !== undefined ? only : types }, nullable: true };
  }
  for (const keyword of ["anyOf", "oneOf"] as const) {
    const choices = whole[keyword];
    const rest = choices?.filter((choice) => resolved(choice, root).type !== "null");
    if (!choices || !rest || rest.length === choices.length) {
      continue;
    }
    const beside = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== keyword));
    const [only] = rest;
    const inner = rest.length === 1 && only ? resolved(only, root) : { [keyword]: rest };
    return { schema: { ...inner, ...beside }, nullable: true };
  }
  return { schema: whole, nullable: false };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One step of a JSON pointer as it is written. */
export function escaped(part: string): string {
  return part.replaceAll("~", "~0").replaceAll("/", "~1");
}

function unescaped(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Whether two JSON values are the same; the order of keys does not count. */
export function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => same(item, other[index]));
  }
  if (isRecord(one) && isRecord(other)) {
    const [left, right] = [Object.keys(one), Object.keys(other)];
    return left.length === right.length && left.every((key) => key in other && same(one[key], other[key]));
  }
  return one === other;
}

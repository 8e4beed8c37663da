import { type JsonSchema, escaped, isRecord, resolved, unwrapped } from "./jsonSchema";
import { choiceLabel, humanised } from "./words";

/** One of the values a field offers. */
export interface Choice {
  readonly value: unknown;
  readonly label: string;
  readonly help?: string;
}

/** How a field is filled in. */
export type Control =
  | { readonly kind: "column"; readonly wanted: string }
  | { readonly kind: "columns"; readonly wanted: string }
  | { readonly kind: "choice"; readonly choices: readonly Choice[] }
  | { readonly kind: "choices"; readonly choices: readonly Choice[] }
  | { readonly kind: "number"; readonly rules: JsonSchema }
  | { readonly kind: "boolean" }
  | { readonly kind: "text"; readonly rules: JsonSchema }
  | { readonly kind: "texts" }
  | { readonly kind: "object"; readonly fields: readonly Field[] }
  /** What the form has no control for is written as JSON. */
  | { readonly kind: "json" };

/** A field is there while the object it belongs to is, or is not, as a schema says. */
export interface Condition {
  readonly path: readonly string[];
  readonly test: JsonSchema;
  readonly negated: boolean;
}

/** One parameter, ready to be drawn. */
export interface Field {
  readonly path: readonly string[];
  readonly pointer: string;
  readonly title: string;
  readonly help: string | undefined;
  readonly required: boolean;
  readonly nullable: boolean;
  readonly default: unknown;
  readonly role: string | undefined;
  readonly control: Control;
  readonly conditions: readonly Condition[];
}

/** The fields of an agent's parameters, in the order of the schema. */
export function fieldsOf(schema: JsonSchema): Field[] {
  return objectFields(resolved(schema, schema), schema, [], []);
}

/** All fields, those of nested objects too. */
export function flattened(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) =>
    field.control.kind === "object" ? [field, ...flattened(field.control.fields)] : [field],
  );
}

type Path = readonly string[];

function objectFields(rules: JsonSchema, root: JsonSchema, path: Path, conditions: readonly Condition[]): Field[] {
  const found = new Map<string, Field>();
  const add = (part: JsonSchema, when: readonly Condition[]) => {
    for (const [name, property] of Object.entries(part.properties ?? {})) {
      const known = found.get(name);
      if (property === false && known) {
        const hidden = when.map((condition) => ({ ...condition, negated: !condition.negated }));
        found.set(name, { ...known, conditions: [...known.conditions, ...hidden] });
      } else if (isRecord(property) && !known) {
        const required = part.required?.includes(name) ?? false;
        found.set(name, fieldOf(name, property, root, [...path, name], required, [...conditions, ...when]));
      }
    }
    addConditional(part, when);
  };
  const addConditional = (part: JsonSchema, when: readonly Condition[]) => {
    for (const [name, dependent] of Object.entries((part["dependentSchemas"] ?? {}) as Record<string, JsonSchema>)) {
      const given = { required: [name], properties: { [name]: { not: { type: "null" } } } };
      add(resolved(dependent, root), [...when, { path, test: given, negated: false }]);
    }
    if (part.if) {
      for (const [branch, negated] of [
        [part.then, false],
        [part.else, true],
      ] as const) {
        add(resolved(branch ?? {}, root), [...when, { path, test: part.if, negated }]);
      }
    }
    for (const piece of part.allOf ?? []) {
      add(resolved(piece, root), when);
    }
  };
  add(rules, []);
  for (const field of variantFields(rules, root, path, conditions)) {
    found.set(field.path.at(-1) ?? "", field);
  }
  return [...found.values()];
}

/** Objects of several kinds that name their kind in a property: a choice, and the fields of what is chosen. */
function variantFields(rules: JsonSchema, root: JsonSchema, path: Path, conditions: readonly Condition[]): Field[] {
  const variants = (rules.oneOf ?? rules.anyOf ?? []).map((variant) => resolved(variant, root));
  const tag = Object.keys(variants[0]?.properties ?? {}).find((name) =>
    variants.every((variant) => constOf(variant, name) !== undefined),
  );
  if (tag === undefined) {
    return [];
  }
  const choices = variants.map((variant) => choice(constOf(variant, tag), variant));
  const tagged = fieldOf(tag, { title: humanised(tag) }, root, [...path, tag], true, conditions);
  const others = variants.flatMap((variant) => {
    const test = { required: [tag], properties: { [tag]: { const: constOf(variant, tag) } } };
    const rest = Object.fromEntries(Object.entries(variant.properties ?? {}).filter(([name]) => name !== tag));
    return objectFields({ ...variant, properties: rest }, root, path, [...conditions, { path, test, negated: false }]);
  });
  return [{ ...tagged, control: { kind: "choice", choices } }, ...others];
}

function constOf(variant: JsonSchema, name: string): unknown {
  const property = variant.properties?.[name];
  return isRecord(property)
    ? (property.const ?? (property.enum?.length === 1 ? property.enum[0] : undefined))
    : undefined;
}

function fieldOf(
  name: string,
  property: JsonSchema,
  root: JsonSchema,
  path: Path,
  required: boolean,
  conditions: readonly Condition[],
): Field {
  const { schema, nullable } = unwrapped(property, root);
  return {
    path,
    pointer: path.map((part) => `/${escaped(part)}`).join(""),
    title: schema.title ?? humanised(name),
    help: schema.description === undefined ? undefined : unbroken(schema.description),
    required: required && !nullable,
    nullable,
    default: schema.default,
    role: schema["x-role"],
    control: controlOf(schema, root, path),
    conditions,
  };
}

function controlOf(schema: JsonSchema, root: JsonSchema, path: Path): Control {
  const isColumn = schema["x-column-kind"] !== undefined || schema["x-role"] !== undefined;
  const wanted = schema["x-column-kind"] ?? "any";
  const choices = choicesOf(schema, root);
  if (choices) {
    return { kind: "choice", choices };
  }
  switch (schema.type) {
    case "array": {
      const items = isRecord(schema.items) ? unwrapped(schema.items, root).schema : {};
      const many = choicesOf(items, root);
      if (many) {
        return { kind: "choices", choices: many };
      }
      return items.type === "string" ? (isColumn ? { kind: "columns", wanted } : { kind: "texts" }) : { kind: "json" };
    }
    case "string":
      return isColumn ? { kind: "column", wanted } : { kind: "text", rules: schema };
    case "integer":
    case "number":
      return { kind: "number", rules: schema };
    case "boolean":
      return { kind: "boolean" };
    default: {
      const fields = objectFields(schema, root, path, []);
      return fields.length > 0 ? { kind: "object", fields } : { kind: "json" };
    }
  }
}

function choicesOf(schema: JsonSchema, root: JsonSchema): Choice[] | undefined {
  if (schema.enum) {
    return schema.enum.filter((value) => value !== null).map((value) => choice(value, {}));
  }
  const offered = (schema.oneOf ?? schema.anyOf)?.map((one) => resolved(one, root));
  if (!offered || offered.length === 0 || offered.some((one) => one.const === undefined && one.enum === undefined)) {
    return undefined;
  }
  return offered.flatMap((one) => (one.enum ?? [one.const]).map((value) => choice(value, one)));
}

function choice(value: unknown, { title, description }: JsonSchema): Choice {
  const help = description === undefined ? {} : { help: unbroken(description) };
  return { value, label: choiceLabel(value, title, description), ...help };
}

/** Descriptions are wrapped where the agent's source was. */
function unbroken(description: string): string {
  return description.replaceAll(/\s*\n\s*/gu, " ").trim();
}

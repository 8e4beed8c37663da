import type { Agent } from "../analyses/agents";

/** What a choice of an enumeration is called and means. */
export interface Option {
  readonly value: string;
  readonly label: string;
  readonly help?: string;
}

type Kind = "column" | "columns" | "number" | "integer" | "text" | "boolean" | "choice" | "choices";

/** One parameter of an agent, as a field of the form. */
export interface Field {
  readonly name: string;
  readonly title: string;
  readonly help?: string;
  readonly kind: Kind;
  /** What the column is in the question: `outcome`, `treatment`, `confounder`... */
  readonly role?: string;
  /** What kind of column is wanted: `numeric`, `time`, `any`... */
  readonly columnKind?: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly options?: readonly Option[];
}

type Schema = Readonly<Record<string, unknown>>;

/** Roles in the order in which a question is asked; others follow as the schema has them. */
const ROLE_ORDER = ["treatment", "treatment_start", "outcome", "unit", "time", "confounder", "baseline"];

/** The fields of an agent's form, from its JSON Schema alone; what is asked of the columns comes first. */
export function fieldsOf(agent: Pick<Agent, "parameters_schema">): Field[] {
  const schema = record(agent.parameters_schema);
  const required = new Set(strings(schema["required"]));
  const definitions = record(schema["$defs"]);
  const fields = Object.entries(record(schema["properties"])).flatMap(([name, property]) => {
    const field = fieldOf(name, resolve(record(property), definitions), required.has(name), definitions);
    return field ? [field] : [];
  });
  const rank = ({ role }: Field) => {
    const place = role === undefined ? -1 : ROLE_ORDER.indexOf(role);
    return place === -1 ? ROLE_ORDER.length : place;
  };
  return fields.sort((one, other) => rank(one) - rank(other));
}

function fieldOf(name: string, property: Schema, required: boolean, definitions: Schema): Field | undefined {
  const shape = shapeOf(property, definitions);
  if (!shape) {
    return undefined;
  }
  const help = property["description"];
  const { minimum, maximum } = property;
  return {
    name,
    title: text(property["title"]) ?? words(name),
    ...(typeof help === "string" ? { help: help.replaceAll("\n", " ") } : {}),
    ...optional("role", text(property["x-role"])),
    ...optional("columnKind", text(property["x-column-kind"])),
    ...optional("minimum", number(minimum)),
    ...optional("maximum", number(maximum)),
    ...("default" in property ? { default: property["default"] } : {}),
    required,
    ...shape,
  };
}

/** Which field a property is, or nothing where the form has none for it: such a parameter keeps its default. */
function shapeOf(property: Schema, definitions: Schema): { kind: Kind; options?: readonly Option[] } | undefined {
  const isColumn = "x-column-kind" in property;
  const options = optionsOf(property, definitions);
  if (options) {
    return { kind: "choice", options };
  }
  switch (typeOf(property)) {
    case "string":
      return { kind: isColumn ? "column" : "text" };
    case "boolean":
      return { kind: "boolean" };
    case "integer":
      return { kind: "integer" };
    case "number":
      return { kind: "number" };
    case "array": {
      const items = resolve(record(property["items"]), definitions);
      const choices = optionsOf(items, definitions);
      if (choices) {
        return { kind: "choices", options: choices };
      }
      return isColumn && typeOf(items) === "string" ? { kind: "columns" } : undefined;
    }
    default:
      return undefined;
  }
}

/** The choices of an enumeration, in any of the ways a schema writes one; null is no choice of its own. */
function optionsOf(property: Schema, definitions: Schema): Option[] | undefined {
  if (Array.isArray(property["enum"])) {
    const values = strings(property["enum"]);
    return values.length > 0 ? values.map((value) => ({ value, label: words(value) })) : undefined;
  }
  for (const way of ["oneOf", "anyOf"]) {
    const alternatives = property[way];
    if (Array.isArray(alternatives)) {
      const options = alternatives.flatMap((alternative: unknown) => alternativeOf(record(alternative), definitions));
      return options.length > 0 ? options : undefined;
    }
  }
  return undefined;
}

function alternativeOf(alternative: Schema, definitions: Schema): Option[] {
  const resolved = resolve(alternative, definitions);
  const value = resolved["const"];
  if (typeof value === "string") {
    const label = text(resolved["title"]) ?? words(value);
    return [{ value, label, ...optional("help", text(resolved["description"])) }];
  }
  return optionsOf(resolved, definitions) ?? [];
}

function resolve(schema: Schema, definitions: Schema): Schema {
  const reference = text(schema["$ref"])?.split("/").at(-1);
  return reference === undefined ? schema : { ...record(definitions[reference]), ...schema };
}

/** The one type beside null. */
function typeOf(schema: Schema): string | undefined {
  return [schema["type"]].flat().find((type): type is string => typeof type === "string" && type !== "null");
}

/** `propensity_matching` → `Propensity matching`. */
export function words(name: string): string {
  const spaced = name.replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function optional<K extends string, T>(name: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, T>);
}

function record(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

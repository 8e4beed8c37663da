/** The question of an analysis in words, from the roles in its agent's JSON Schema alone. */

export interface AskedRole {
  /** As the form calls it. */
  readonly name: string;
  readonly columns: readonly string[];
}

export interface Question {
  readonly sentence: string;
  /** Which column plays which part, in the schema's order. */
  readonly roles: readonly AskedRole[];
  /** The other settings: those that somebody chose. */
  readonly settings: Record<string, unknown>;
}

/** `title`: what the agent does in a few words, where outcome and treatment do not make a sentence. */
export function questionOf(parameters: Record<string, unknown>, schema: unknown, title: string): Question {
  const properties = propertiesOf(schema);
  const byRole = new Map<string, readonly string[]>();
  const roles: AskedRole[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const property = properties[name];
    const role = property?.["x-role"];
    if (typeof role === "string") {
      const columns = columnsOf(value);
      if (columns.length > 0) {
        byRole.set(role, columns);
        roles.push({ name: titleOf(property, name), columns });
      }
    } else if (!isSame(value, property?.["default"])) {
      settings[titleOf(property, name)] = value;
    }
  }
  const outcome = byRole.get("outcome")?.[0];
  const treatment = byRole.get("treatment")?.[0] ?? byRole.get("treatment_start")?.[0];
  const asked = outcome !== undefined && treatment !== undefined;
  return { sentence: asked ? `Did ${treatment} change ${outcome}?` : title, roles, settings };
}

type Property = Record<string, unknown>;

function propertiesOf(schema: unknown): Record<string, Property> {
  const properties = isRecord(schema) ? schema["properties"] : undefined;
  return isRecord(properties)
    ? Object.fromEntries(Object.entries(properties).filter((entry): entry is [string, Property] => isRecord(entry[1])))
    : {};
}

function titleOf(property: Property | undefined, name: string): string {
  const title = property?.["title"];
  return typeof title === "string" ? title : name.replace(/_/g, " ");
}

function columnsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((column): column is string => typeof column === "string");
}

function isSame(value: unknown, standard: unknown): boolean {
  return JSON.stringify(value ?? null) === JSON.stringify(standard ?? null);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

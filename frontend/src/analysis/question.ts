import type { components } from "../api/schema";

export type Analysis = components["schemas"]["Analysis"];
export type Agent = components["schemas"]["Agent"];

/** A column, or columns, and what they are for. */
export interface Role {
  /** As `outcome`. */
  readonly role: string;
  /** As the agent calls it. */
  readonly title: string;
  readonly columns: readonly string[];
}

interface Property {
  readonly title?: string;
  readonly "x-role"?: string;
}

/** What is told first. Roles that this app does not know come after them. */
const ORDER = ["treatment", "treatment_start", "outcome", "baseline", "confounder", "unit", "time", "cluster"];

/** The roles that were given. */
export function rolesOf(parameters: Record<string, unknown>, schema: Record<string, unknown> | undefined): Role[] {
  const roles = Object.entries(propertiesOf(schema)).flatMap(([name, { title, "x-role": role }]) => {
    const value = parameters[name];
    const columns =
      typeof value === "string" ? [value] : Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
    return role !== undefined && columns.length > 0 ? [{ role, title: title ?? name, columns }] : [];
  });
  const place = ({ role }: Role) => (ORDER.includes(role) ? ORDER.indexOf(role) : ORDER.length);
  return roles.sort((a, b) => place(a) - place(b));
}

/** What a parameter is called: as its schema says, else by its name. */
export function parameterTitle(name: string, schema: Record<string, unknown> | undefined): string {
  const words = name.replaceAll("_", " ");
  return propertiesOf(schema)[name]?.title ?? words.charAt(0).toUpperCase() + words.slice(1);
}

function propertiesOf(
  schema: Record<string, unknown> | undefined,
): Record<string, Property | undefined> & Record<string, Property> {
  return (schema?.["properties"] ?? {}) as Record<string, Property>;
}

/** The question in a few words, for titles: by its roles where it has them, else by its agent. */
export function questionOf({ agent, parameters }: Pick<Analysis, "agent" | "parameters">, title?: string): string {
  const name = (parameter: string) => {
    const value = parameters[parameter];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const outcome = name("outcome");
  const treatment = name("treatment") ?? name("treatment_start");
  if (outcome !== undefined && treatment !== undefined) {
    return `Did ${treatment} move ${outcome}?`;
  }
  const fallback = title ?? agent.replaceAll("_", " ");
  return outcome === undefined ? fallback : `${fallback}: ${outcome}`;
}

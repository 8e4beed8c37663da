import type { Agent } from "./agents";

/** The columns that an analysis gives the roles of its agent's schema: `outcome` → `["re78"]`. */
export function columnsByRole(agent: Pick<Agent, "parameters_schema">, parameters: unknown): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const properties = record(record(agent.parameters_schema)["properties"]);
  const given = record(parameters);
  for (const [name, property] of Object.entries(properties)) {
    const role = record(property)["x-role"];
    const columns = [given[name]].flat().filter((value) => typeof value === "string" && value !== "");
    if (typeof role === "string" && columns.length > 0) {
      found.set(role, [...(found.get(role) ?? []), ...(columns as string[])]);
    }
  }
  return found;
}

/** The question in a few words, as in "treat → re78"; the agent's title where its roles say nothing of the kind. */
export function questionInShort(agent: Agent | undefined, name: string, parameters: unknown): string {
  if (!agent) {
    return name;
  }
  const roles = columnsByRole(agent, parameters);
  const [cause] = roles.get("treatment") ?? roles.get("treatment_start") ?? [];
  const [outcome] = roles.get("outcome") ?? [];
  return cause !== undefined && outcome !== undefined ? `${cause} → ${outcome}` : agent.title;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

import { parameterTitle } from "../analysis/question";

/** Settings that somebody chose: no role, and not what they are when nobody says otherwise. Titles and values. */
export function chosenSettings(
  parameters: Record<string, unknown>,
  schema: Record<string, unknown> | undefined,
): readonly (readonly [string, unknown])[] {
  const properties = (schema?.["properties"] ?? {}) as Record<string, Record<string, unknown> | undefined>;
  return Object.entries(parameters)
    .filter(([name, value]) => {
      const property = properties[name];
      return property?.["x-role"] === undefined && !isSame(value, property?.["default"]);
    })
    .map(([name, value]) => [parameterTitle(name, schema), value] as const);
}

function isSame(value: unknown, standard: unknown): boolean {
  return JSON.stringify(value ?? null) === JSON.stringify(standard ?? null);
}

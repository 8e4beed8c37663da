import type { JsonSchema } from "../schema/jsonSchema";

/** An agent that does not exist: what the form can draw must follow from its schema. */
export const BAKERY: JsonSchema = {
  title: "Bakery",
  type: "object",
  additionalProperties: false,
  required: ["loaves", "oven_load", "glaze"],
  properties: {
    loaves: {
      title: "Loaves",
      description:
        "How many came out.\nCounted each morning. Broken ones count too, as long as somebody ate them at last.",
      type: "string",
      minLength: 1,
      "x-role": "outcome",
      "x-column-kind": "numeric",
    },
    yeast: {
      title: "Yeast",
      type: ["string", "null"],
      default: null,
      "x-role": "treatment",
      "x-column-kind": "binary",
    },
    weather: {
      title: "Weather",
      type: "array",
      items: { type: "string" },
      uniqueItems: true,
      maxItems: 2,
      default: [],
      "x-role": "confounder",
      "x-column-kind": "any",
    },
    weather_codes: {
      title: "Weather in codes",
      type: "array",
      items: { type: "string" },
      default: [],
      "x-column-kind": "any",
    },
    yeast_value: { title: "Value that means yeast", type: ["string", "null"], default: null },
    oven_load: { title: "Oven load", type: "integer", minimum: 2, maximum: 12 },
    patience: { title: "Patience", type: "number", exclusiveMinimum: 0, default: 1.5 },
    steam: { title: "Steam", type: "boolean", default: true },
    crust: {
      title: "Crust",
      default: "thin",
      oneOf: [
        { const: "thin", description: "Breaks when looked at." },
        { const: "hc2", description: "Hard crust, second kind." },
      ],
    },
    oven: { title: "Oven", anyOf: [{ $ref: "#/$defs/Oven" }, { type: "null" }], default: null },
    glaze: { $ref: "#/$defs/Glaze" },
    helpers: { type: "array", items: { type: "string" }, default: [] },
    secrets: { title: "Secrets", type: "array", items: { type: "object" } },
  },
  dependentRequired: { yeast: ["weather"] },
  if: { properties: { steam: { const: true } } },
  then: { properties: { steam_ml: { title: "Steam (ml)", type: "integer", minimum: 1 } } },
  $defs: {
    Oven: {
      title: "Oven settings",
      type: "object",
      properties: { degrees: { type: "integer", minimum: 100, maximum: 300 } },
      required: ["degrees"],
    },
    Glaze: {
      oneOf: [
        { title: "No glaze", type: "object", properties: { kind: { const: "none" } }, required: ["kind"] },
        {
          type: "object",
          properties: { kind: { const: "egg" }, eggs: { type: "integer", minimum: 1 } },
          required: ["kind", "eggs"],
        },
      ],
    },
  },
};

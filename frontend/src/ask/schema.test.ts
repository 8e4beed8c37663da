import { expect, it } from "vitest";

import { type Field, fieldsOf } from "./schema";

/** An agent that nobody has: its form must work nevertheless. */
const madeUp = {
  parameters_schema: {
    type: "object",
    required: ["y", "dose"],
    $defs: {
      Kernel: { oneOf: [{ const: "triangular", description: "Nearer rows count more." }, { const: "uniform" }] },
    },
    properties: {
      bandwidth: { type: ["number", "null"], default: null, minimum: 0, title: "Bandwidth" },
      dose: { type: "string", "x-role": "treatment", "x-column-kind": "numeric", title: "Dose" },
      held: { type: "array", items: { type: "string" }, "x-role": "confounder", "x-column-kind": "any" },
      kernel: { $ref: "#/$defs/Kernel", default: "triangular" },
      kernels: { type: "array", items: { $ref: "#/$defs/Kernel" } },
      mode: { anyOf: [{ enum: ["fast", "exact"] }, { type: "null" }], default: null },
      robust: { type: "boolean", default: true },
      seed: { type: "integer", default: 1 },
      shape: { type: "object" },
      y: { type: "string", "x-role": "outcome", "x-column-kind": "numeric", description: "What\nmay have moved." },
    },
  },
};

it("makes a field of each parameter of a made-up agent, roles first", () => {
  const fields = fieldsOf(madeUp);
  expect(fields.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
    "dose: column",
    "y: column",
    "held: columns",
    "bandwidth: number",
    "kernel: choice",
    "kernels: choices",
    "mode: choice",
    "robust: boolean",
    "seed: integer",
  ]);
});

it("knows what the schema says of a field", () => {
  const field = (name: string) => fieldsOf(madeUp).find((one) => one.name === name);
  expect(field("y")).toEqual<Field>({
    name: "y",
    title: "Y",
    help: "What may have moved.",
    kind: "column",
    role: "outcome",
    columnKind: "numeric",
    required: true,
  });
  expect(field("bandwidth")).toMatchObject({ title: "Bandwidth", required: false, minimum: 0, default: null });
  expect(field("kernel")?.options).toEqual([
    { value: "triangular", label: "Triangular", help: "Nearer rows count more." },
    { value: "uniform", label: "Uniform" },
  ]);
  expect(field("mode")?.options?.map(({ value }) => value)).toEqual(["fast", "exact"]);
});

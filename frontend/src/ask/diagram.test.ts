import { expect, it } from "vitest";

import { diagramOf } from "./diagram";
import type { Field } from "./schema";

const field = (name: string, role: string, kind: Field["kind"] = "column"): Field => ({
  name,
  title: name,
  kind,
  role,
  required: false,
});
const fields = [
  field("x", "treatment"),
  field("y", "outcome"),
  field("held", "confounder", "columns"),
  field("unmoved", "negative_control", "columns"),
  field("who", "unit"),
];

it("draws what is asked and what is held fixed, and says it in words", () => {
  const { nodes, arrows, words } = diagramOf(fields, { x: "treat", y: "re78", held: ["age", "educ"], who: "id" });
  expect(nodes.map(({ id }) => id)).toEqual(["x", "y", "held"]);
  expect(arrows.filter(({ isAsked }) => isAsked)).toEqual([{ from: "x", to: "y", isAsked: true }]);
  expect(arrows).toContainEqual({ from: "held", to: "x", isAsked: false });
  expect(words).toBe("Asked: does treat move re78? Held fixed, as they may move both: age, educ.");
});

it("draws nothing until cause and outcome are known", () => {
  expect(diagramOf(fields, { x: "treat" }).nodes).toEqual([]);
});

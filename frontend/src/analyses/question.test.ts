import { expect, it } from "vitest";

import type { Agent } from "./agents";
import { columnsByRole, questionInShort } from "./question";

const agent = {
  title: "Made up",
  parameters_schema: {
    properties: {
      y: { "x-role": "outcome" },
      x: { "x-role": "treatment" },
      held: { "x-role": "confounder" },
      folds: {},
    },
  },
} as unknown as Agent;

it("knows which column has which role from the schema alone", () => {
  const roles = columnsByRole(agent, { y: "sales", x: null, held: ["age", "region"], folds: 5 });
  expect([...roles]).toEqual([
    ["outcome", ["sales"]],
    ["confounder", ["age", "region"]],
  ]);
});

it("says the question in short", () => {
  expect(questionInShort(agent, "made_up", { y: "sales", x: "mailing" })).toBe("mailing → sales");
  expect(questionInShort(agent, "made_up", {})).toBe("Made up");
  expect(questionInShort(undefined, "made_up", {})).toBe("made_up");
});

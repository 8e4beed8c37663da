import type { components } from "../../api/schema";

export type Recipe = components["schemas"]["Recipe"];
export type RecipeStep = components["schemas"]["RecipeStep"];
export type RecipeCondition = components["schemas"]["RecipeCondition"];
export type RecipeFormula = components["schemas"]["RecipeFormula"];
export type RecipeValue = components["schemas"]["RecipeValue"];
export type RecipeRange = components["schemas"]["RecipeRange"];

/** A column as a step finds it. */
export type RecipeColumn = Pick<components["schemas"]["Column"], "name" | "type">;

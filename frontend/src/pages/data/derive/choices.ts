import { isNumeric } from "../../../data/columns";
import type { Dataset } from "../../../data/datasets";
import type { RecipeColumn } from "../../../data/recipe/types";

/** What a column must be good for. */
export type Need = "numbers" | "periods" | "values" | "anything";

/** The names of the columns that can serve. */
export function fitting(columns: readonly RecipeColumn[], need: Need): string[] {
  return columns.filter((column) => fits(column, need)).map(({ name }) => name);
}

function fits({ type }: RecipeColumn, need: Need): boolean {
  switch (need) {
    case "numbers":
      return isNumeric(type);
    case "periods":
      return type !== "boolean" && type !== "empty";
    case "values":
      return type !== "empty";
    case "anything":
      return true;
  }
}

/** The names, and one that was chosen and is not among them any more. */
export function withChosen(names: readonly string[], chosen: string): { value: string; label: string }[] {
  const known = names.map((name) => ({ value: name, label: name }));
  return chosen === "" || names.includes(chosen) ? known : [...known, { value: chosen, label: `${chosen} (not here)` }];
}

/** Values that stand in a column of the source, to choose from. */
export function valuesIn({ profile }: Dataset, column: string): string[] {
  return profile?.columns.find(({ name }) => name === column)?.top_values.map(({ value }) => value) ?? [];
}

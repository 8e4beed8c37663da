import type { RecipeColumn, RecipeStep } from "./types";

/** The columns that a step leaves. */
export function columnsAfter(step: RecipeStep, columns: readonly RecipeColumn[]): readonly RecipeColumn[] {
  switch (step.step) {
    case "filter":
      return columns;
    case "derive":
      return [...columns, { name: step.name, type: "float" }];
    case "keep":
      return columns.filter(({ name }) => step.columns.includes(name));
    case "drop":
      return columns.filter(({ name }) => !step.columns.includes(name));
    case "reshape": {
      const kept = [step.unit, ...(step.carry ?? [])].flatMap(
        (name) => columns.find((column) => column.name === name) ?? [],
      );
      const made = step.values.flatMap((name): RecipeColumn[] => [
        { name: `${name}_before`, type: "float" },
        { name: `${name}_after`, type: "float" },
      ]);
      return [...kept, ...made];
    }
  }
}

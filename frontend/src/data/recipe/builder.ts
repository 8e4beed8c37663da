import type { Draft } from "./draft";
import { draftOf } from "./draft";
import { columnsAfter } from "./columnsAfter";
import type { RecipeProblem } from "./problems";
import { toStep } from "./toStep";
import type { Recipe, RecipeColumn, RecipeStep } from "./types";

/** A step in the builder. */
export interface BuilderStep {
  /** Stays the same when steps change places. */
  readonly key: number;
  readonly draft: Draft;
}

export interface BuilderState {
  readonly steps: readonly BuilderStep[];
  readonly nextKey: number;
  /** What the platform, or the look before sending, found wrong; by key. */
  readonly problems: ReadonlyMap<number, readonly string[]>;
  /** What is wrong with the whole. */
  readonly general: readonly string[];
}

export type BuilderAction =
  | { readonly do: "add"; readonly draft: Draft }
  | { readonly do: "change"; readonly key: number; readonly draft: Draft }
  | { readonly do: "remove"; readonly key: number }
  | { readonly do: "move"; readonly key: number; readonly by: -1 | 1 }
  | { readonly do: "tell"; readonly problems: readonly RecipeProblem[] };

/** A builder with the steps of a recipe, and what is known to be wrong with them. */
export function begun(recipe?: Recipe, problems: readonly RecipeProblem[] = []): BuilderState {
  const steps = (recipe?.steps ?? []).map((step, key) => ({ key, draft: draftOf(step) }));
  return told({ steps, nextKey: steps.length, problems: new Map(), general: [] }, problems);
}

export function built(state: BuilderState, action: BuilderAction): BuilderState {
  switch (action.do) {
    case "add":
      return {
        ...state,
        steps: [...state.steps, { key: state.nextKey, draft: action.draft }],
        nextKey: state.nextKey + 1,
        general: [],
      };
    case "change":
      return {
        ...without(state, action.key),
        steps: state.steps.map((step) => (step.key === action.key ? { ...step, draft: action.draft } : step)),
      };
    case "remove":
      return { ...without(state, action.key), steps: state.steps.filter(({ key }) => key !== action.key) };
    case "move":
      return { ...state, steps: moved(state.steps, action.key, action.by) };
    case "tell":
      return told(state, action.problems);
  }
}

function without(state: BuilderState, key: number): BuilderState {
  const problems = new Map(state.problems);
  problems.delete(key);
  return { ...state, problems };
}

function moved(steps: readonly BuilderStep[], key: number, by: -1 | 1): readonly BuilderStep[] {
  const from = steps.findIndex((step) => step.key === key);
  const [step, other] = [steps[from], steps[from + by]];
  if (!step || !other) {
    return steps;
  }
  return steps.map((each) => (each === step ? other : each === other ? step : each));
}

function told(state: BuilderState, told_: readonly RecipeProblem[]): BuilderState {
  const problems = new Map<number, readonly string[]>();
  const general: string[] = [];
  for (const { step, detail } of told_) {
    const key = step === undefined ? undefined : state.steps[step]?.key;
    if (key === undefined) {
      general.push(detail);
    } else {
      problems.set(key, [...(problems.get(key) ?? []), detail]);
    }
  }
  return { ...state, problems, general };
}

/** A step with what it finds and, once everything is chosen, what it is. */
export interface Stage {
  readonly columns: readonly RecipeColumn[];
  readonly step: RecipeStep | undefined;
  readonly missing: readonly string[];
}

/** Every step on the columns that the ones before it leave; a step that is not complete leaves them as they are. */
export function stagesOf(steps: readonly BuilderStep[], columns: readonly RecipeColumn[]): readonly Stage[] {
  const stages: Stage[] = [];
  let found = columns;
  for (const { draft } of steps) {
    const written = toStep(draft, found);
    if ("step" in written) {
      stages.push({ columns: found, step: written.step, missing: [] });
      found = columnsAfter(written.step, found);
    } else {
      stages.push({ columns: found, step: undefined, missing: written.missing });
    }
  }
  return stages;
}

/** The columns at the end. */
export function columnsOf(stages: readonly Stage[], columns: readonly RecipeColumn[]): readonly RecipeColumn[] {
  return stages.reduce((found, { step }) => (step ? columnsAfter(step, found) : found), columns);
}

/** The recipe to send, or what is missing at which step. */
export function recipeOf(stages: readonly Stage[]): Recipe | readonly RecipeProblem[] {
  const problems = stages.flatMap(({ missing }, step) => missing.map((detail) => ({ step, detail })));
  const steps = stages.flatMap(({ step }) => step ?? []);
  if (stages.length === 0) {
    return [{ step: undefined, detail: "Add at least one step." }];
  }
  return problems.length > 0 ? problems : { steps };
}

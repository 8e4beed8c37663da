import { formatNumber } from "../format";
import { valueWords } from "../result/details";
import type { Table } from "../result/table";
import type { CausalImpactResult } from "../result/types";
import { estimatorName } from "../result/words";
import { type Analysis, parameterTitle } from "./question";

/** Something that the two questions do not have in common. */
export interface Difference {
  readonly name: string;
  readonly left: string;
  readonly right: string;
}

/** What differs in two questions, parameter by parameter. `dataset` says a dataset in words. */
export function questionDifferences(
  left: Analysis,
  right: Analysis,
  schema: Record<string, unknown> | undefined,
  dataset: (id: string | null | undefined) => string,
): Difference[] {
  const differences: Difference[] = [];
  const add = (name: string, one: string, other: string) => {
    if (one !== other) {
      differences.push({ name, left: one, right: other });
    }
  };
  if (left.dataset_id !== right.dataset_id) {
    differences.push({ name: "Data", left: dataset(left.dataset_id), right: dataset(right.dataset_id) });
  }
  add("Agent", left.agent, right.agent);
  add("Version of the agent", String(left.agent_version), String(right.agent_version));
  const names = new Set([...Object.keys(left.parameters), ...Object.keys(right.parameters)]);
  for (const name of names) {
    const [one, other] = [left.parameters[name] ?? null, right.parameters[name] ?? null];
    if (JSON.stringify(one) !== JSON.stringify(other)) {
      differences.push({ name: parameterTitle(name, schema), left: valueWords(one), right: valueWords(other) });
    }
  }
  return differences;
}

/** Whether two analyses ask the same: of other data perhaps. */
export function sameQuestion(one: Analysis, other: Analysis): boolean {
  const words = ({ agent, parameters }: Analysis) =>
    JSON.stringify([agent, Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return words(one) === words(other);
}

/** The two answers held against each other, in a sentence. */
export function answerDifference(left: CausalImpactResult, right: CausalImpactResult): string {
  const [a, b] = [left.parameters.outcome, right.parameters.outcome];
  if (a !== b) {
    return `They are about different outcomes (${a} and ${b}): their numbers cannot be held against each other.`;
  }
  const difference = right.estimate - left.estimate;
  if (difference === 0) {
    return "Both answers are the same number.";
  }
  const direction = difference > 0 ? "higher" : "lower";
  const meet = left.interval.lower <= right.interval.upper && right.interval.lower <= left.interval.upper;
  const zero = (result: CausalImpactResult) => result.interval.lower <= 0 && result.interval.upper >= 0;
  const verdict = meet ? "the intervals overlap, so chance may explain the difference" : "the intervals do not overlap";
  const changed =
    zero(left) === zero(right) ? "" : ` Only the ${zero(left) ? "right" : "left"} one's interval excludes "no effect".`;
  return `The right answer is ${formatNumber(Math.abs(difference))} ${direction} than the left one (${formatNumber(right.estimate)} against ${formatNumber(left.estimate)}); ${verdict}.${changed}`;
}

/** Every estimator that either has, side by side. */
export function estimatesSideBySide(left: CausalImpactResult, right: CausalImpactResult): Table {
  const names = [...new Set([...left.estimates, ...right.estimates].map(({ estimator }) => estimator))];
  return {
    columns: ["estimator", "left", "left from", "left to", "right", "right from", "right to", "difference"],
    rows: names.map((name) => {
      const [one, other] = [left, right].map(({ estimates }) => estimates.find(({ estimator }) => estimator === name));
      return [
        estimatorName(name),
        one?.estimate ?? null,
        one?.interval.lower ?? null,
        one?.interval.upper ?? null,
        other?.estimate ?? null,
        other?.interval.lower ?? null,
        other?.interval.upper ?? null,
        one && other ? other.estimate - one.estimate : null,
      ];
    }),
  };
}

import { formatNumber, formatPValue } from "../format";
import type { CausalImpactResult, Interval } from "./types";
import { capital, estimandName, estimatorName, treatmentWords } from "./words";

/** The answer of a result, in the order it is read. */
export interface Answer {
  /** What moved by how much, with its interval: one plain sentence. */
  readonly sentence: string;
  /** What it was worth, where that was asked. */
  readonly worth: string | undefined;
  /** How sure, and what it rests on. */
  readonly further: readonly string[];
  /** What the checks found, in one sentence. */
  readonly flags: string;
  readonly facts: readonly Fact[];
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** What the value means. */
  readonly meaning?: string;
}

export function answerOf(result: CausalImpactResult): Answer {
  const [sentence = "", ...rest] = result.summary;
  const worth = result.worth?.finding;
  const isAboutFlags = (text: string) => /red flag/i.test(text);
  return {
    sentence,
    worth,
    further: rest.filter((text) => text !== worth && !isAboutFlags(text)),
    flags: capital((rest.findLast(isAboutFlags) ?? result.finding).replace(/^no red flags found; /i, "")),
    facts: facts(result),
  };
}

function facts(result: CausalImpactResult): Fact[] {
  const head = result.estimates.find(({ estimator }) => estimator === result.estimator);
  return [
    { name: "Effect", value: formatNumber(result.estimate), ...(head ? { meaning: head.meaning } : {}) },
    {
      name: `${levelOf(result.interval)} interval`,
      value: intervalWords(result.interval),
      meaning: `Of intervals made this way, ${levelOf(result.interval)} hold the true effect.`,
    },
    {
      name: "p-value",
      value: formatPValue(result.p_value),
      meaning: "How often chance alone would show an effect this large if there were none.",
    },
    { name: "Estimator", value: estimatorName(result.estimator), meaning: estimandName(result.estimand) },
    { name: "Compared", value: treatmentWords(result.treatment) },
    { name: "Rows", value: result.diagnostics.rows_used.toLocaleString("en") },
    ...worthFacts(result),
  ];
}

function worthFacts({ worth }: CausalImpactResult): Fact[] {
  if (!worth) {
    return [];
  }
  const back = worth.return_on_cost;
  return [
    {
      name: "Worth",
      value: `${formatNumber(worth.value)} (${intervalWords(worth.value_interval)})`,
      meaning: worth.basis,
    },
    ...(back
      ? [
          {
            name: "Return on cost",
            value: `${formatNumber(back.ratio)} (${intervalWords(back.ratio_interval)})`,
            meaning: "Value over cost: above 1 it earned more than it cost.",
          },
        ]
      : []),
  ];
}

/** As in "95 %". */
export function levelOf({ confidence_level }: Interval): string {
  return `${Number((confidence_level * 100).toFixed(1))} %`;
}

export function intervalWords({ lower, upper }: Interval): string {
  return `${formatNumber(lower)} to ${formatNumber(upper)}`;
}

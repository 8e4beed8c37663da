import { type ForestRow, forest, forestHeight } from "../charts/forest";
import { formatNumber } from "../format";
import type { Figure, Section } from "./figure";
import type { Table } from "./table";
import type { CausalImpactResult, Contrast } from "./types";
import { estimandName, estimatorName } from "./words";

/** What all estimators say, and each arm of a treatment of several. */
export function estimatesSection(result: CausalImpactResult): Section {
  const { agreement, before_after, not_computed, contrasts } = result;
  const findings = [agreement?.finding, before_after?.finding].filter((finding) => finding !== undefined);
  const figures = contrasts.length > 0 ? [contrastsFigure(result)] : [estimatesFigure(result)];
  const tables = [
    ...(agreement && agreement.comparisons.length > 0
      ? [{ title: "Do the estimators agree?", table: agreementTable(agreement) }]
      : []),
    ...(not_computed.length > 0
      ? [{ title: "Estimators that gave no estimate", table: notComputedTable(not_computed) }]
      : []),
  ];
  return { id: "estimates", title: "What each estimator says", figures, findings, tables };
}

export function estimatesTable({ estimates }: CausalImpactResult): Table {
  return {
    columns: [
      "estimator",
      "whose effect",
      "estimate",
      "standard error",
      "interval from",
      "interval to",
      "confidence level",
      "p-value",
      "rows",
    ],
    rows: estimates.map(({ estimator, estimand, estimate, standard_error, interval, p_value, rows }) => [
      estimatorName(estimator),
      estimandName(estimand),
      estimate,
      standard_error,
      interval.lower,
      interval.upper,
      interval.confidence_level,
      p_value,
      rows,
    ]),
  };
}

function estimatesFigure(result: CausalImpactResult): Figure {
  const { estimates, estimator: head, parameters } = result;
  const several = new Set(estimates.map(({ estimand }) => estimand)).size > 1;
  const rows: ForestRow[] = estimates.map(({ estimator, estimand, estimate, interval }) => ({
    name: estimatorName(estimator),
    ...(several ? { detail: estimandName(estimand) } : {}),
    estimate,
    lower: interval.lower,
    upper: interval.upper,
    head: estimator === head,
  }));
  const parts = { rows, axis: `effect on ${parameters.outcome}` };
  const lookFor =
    rows.length > 1
      ? "Intervals that overlap, on the same side of the dashed line (no effect): then the answer does not hang on one method."
      : "An interval that leaves the dashed line (no effect) outside.";
  return {
    id: "estimates",
    title: rows.length > 1 ? "All estimators, the one of the answer in colour" : "The estimate",
    lookFor,
    label: rows.map(inWords).join("; "),
    option: forest(parts),
    height: forestHeight(parts),
    table: estimatesTable(result),
  };
}

function contrastsFigure({ contrasts, estimator: head, parameters }: CausalImpactResult): Figure {
  const rows: ForestRow[] = contrasts.map(({ estimator, arm, control, estimate, interval }) => ({
    name: `${arm} against ${control}`,
    detail: estimatorName(estimator),
    estimate,
    lower: interval.lower,
    upper: interval.upper,
    head: estimator === head,
  }));
  const parts = { rows, axis: `effect on ${parameters.outcome}` };
  return {
    id: "contrasts",
    title: "Each arm against the control",
    lookFor: "Intervals that leave the dashed line (no effect) outside; those of the answer's estimator are in colour.",
    label: rows.map(inWords).join("; "),
    option: forest(parts),
    height: forestHeight(parts),
    table: contrastsTable(contrasts),
  };
}

function contrastsTable(contrasts: readonly Contrast[]): Table {
  return {
    columns: [
      "arm",
      "against",
      "estimator",
      "estimate",
      "standard error",
      "interval from",
      "interval to",
      "p-value",
      "p-value for all arms",
      "rows in the arm",
    ],
    rows: contrasts.map((contrast) => [
      contrast.arm,
      contrast.control,
      estimatorName(contrast.estimator),
      contrast.estimate,
      contrast.standard_error,
      contrast.interval.lower,
      contrast.interval.upper,
      contrast.p_value,
      contrast.adjusted_p_value,
      contrast.arm_rows,
    ]),
  };
}

function agreementTable({ comparisons }: NonNullable<CausalImpactResult["agreement"]>): Table {
  return {
    columns: ["estimator", "held against", "difference", "standard error", "p-value for all", "red flag"],
    rows: comparisons.map(({ estimator, against, difference, standard_error, adjusted_p_value, flagged }) => [
      estimatorName(estimator),
      estimatorName(against),
      difference,
      standard_error,
      adjusted_p_value,
      flagged ? "yes" : "no",
    ]),
  };
}

function notComputedTable(notComputed: CausalImpactResult["not_computed"]): Table {
  return {
    columns: ["estimator", "why"],
    rows: notComputed.map(({ estimator, reason }) => [estimatorName(estimator), reason]),
  };
}

function inWords({ name, estimate, lower, upper }: ForestRow): string {
  return `${name}: ${formatNumber(estimate)}, from ${formatNumber(lower)} to ${formatNumber(upper)}`;
}

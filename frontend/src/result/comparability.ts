import { overlap as overlapChart } from "../charts/histogram";
import { love, loveHeight } from "../charts/love";
import { formatNumber, formatPercent } from "../format";
import type { Figure, Section } from "./figure";
import type { CausalImpactResult, Overlap } from "./types";
import { estimatorName } from "./words";

/** After weighting, a difference above this is flagged. */
const AFTER_THRESHOLD = 0.1;

/** Whether like is compared with like: balance, overlap, negative controls. */
export function comparabilitySection(result: CausalImpactResult): Section {
  const { overlap, diagnostics, negative_controls } = result;
  const figures = [balanceFigure(result), overlap ? overlapFigure(overlap) : undefined].filter(
    (figure) => figure !== undefined,
  );
  const findings = [
    diagnostics.joint_balance?.finding,
    diagnostics.split?.test?.finding,
    ...negative_controls.map(({ finding }) => finding),
  ].filter((finding) => finding !== undefined);
  const tables =
    negative_controls.length > 0
      ? [{ title: "Effects on what the treatment cannot have moved", table: controlsTable(negative_controls) }]
      : [];
  return { id: "comparability", title: "Is like compared with like?", figures, findings, tables };
}

function balanceFigure({ diagnostics, overlap }: CausalImpactResult): Figure | undefined {
  const { rows, measure, threshold } = diagnostics.balance;
  if (rows.length === 0) {
    return undefined;
  }
  const key = (row: { covariate: string; level?: string | null }) => JSON.stringify([row.covariate, row.level ?? null]);
  const after = new Map(overlap?.balance_after.map((row) => [key(row), row.value]));
  const named = rows.map((row) => {
    const value = after.get(key(row));
    return {
      name: row.level === null || row.level === undefined ? row.covariate : `${row.covariate}: ${row.level}`,
      before: row.value,
      ...(value === undefined ? {} : { after: value }),
    };
  });
  const weighted = after.size > 0;
  const parts = {
    rows: named,
    measure: `${measure}, in size`,
    thresholds: weighted ? [AFTER_THRESHOLD, threshold] : [threshold],
  };
  const worst = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const largest = `The largest difference is ${formatNumber(worst(rows.map(({ value }) => value)))} before`;
  const largestAfter = weighted ? ` and ${formatNumber(worst([...after.values()]))} after weighting` : "";
  return {
    id: "balance",
    title: "How far the groups differ in each covariate",
    lookFor: weighted
      ? `Filled points left of ${AFTER_THRESHOLD}: after weighting the groups are alike. Open points show how they were before.`
      : `Points left of ${formatNumber(threshold)}: the groups are alike enough for the covariates to make no great difference.`,
    label: `${largest}${largestAfter}.`,
    option: love(parts),
    height: loveHeight(parts),
    table: {
      columns: ["covariate", `${measure} before`, ...(weighted ? ["after weighting"] : [])],
      rows: named.map(({ name, before, after: value }) => [name, before, ...(weighted ? [value ?? null] : [])]),
    },
  };
}

function overlapFigure(overlap: Overlap): Figure {
  const { treated, control, support_lower, support_upper, findings } = overlap;
  const bar = 1 / treated.histogram.length;
  const outside = `${formatPercent(treated.outside_share)} of the treated and ${formatPercent(control.outside_share)} of the control rows`;
  return {
    id: "overlap",
    title: "How likely each row was to be treated",
    lookFor:
      "Two hills over the same range: every treated row then has others like it. The shaded part is where both groups are found.",
    ...(findings.length > 0 ? { finding: findings.join("; ") } : {}),
    label: `Both groups are found between ${formatNumber(support_lower)} and ${formatNumber(support_upper)}; ${outside} lie outside.`,
    option: overlapChart({
      treated: treated.histogram,
      control: control.histogram,
      support: [support_lower, support_upper],
    }),
    height: 300,
    table: {
      columns: ["propensity from", "to", "treated rows", "control rows"],
      rows: treated.histogram.map((count, index) => [
        Number((index * bar).toFixed(4)),
        Number(((index + 1) * bar).toFixed(4)),
        count,
        control.histogram[index] ?? 0,
      ]),
    },
  };
}

function controlsTable(controls: CausalImpactResult["negative_controls"]) {
  return {
    columns: ["outcome", "estimator", "effect", "interval from", "interval to", "p-value for all", "red flag"],
    rows: controls.map(({ outcome, baseline, estimator, estimate, interval, adjusted_p_value, flagged }) => [
      baseline ? `${outcome} (before the treatment)` : outcome,
      estimatorName(estimator),
      estimate,
      interval.lower,
      interval.upper,
      adjusted_p_value,
      flagged ? "yes" : "no",
    ]),
  };
}

import { eventStudy, twoTimes } from "../charts/eventStudy";
import { forest, forestHeight } from "../charts/forest";
import { formatNumber } from "../format";
import type { Figure, Section } from "./figure";
import type { CausalImpactResult, Panel, TwoTimes } from "./types";
import { estimatorName } from "./words";

type Parts = Panel["by_cohort"];

/** What before and after say: event study, cohorts, periods; or two groups at two times. */
export function beforeAfterSection({ panel, parameters }: CausalImpactResult): Section | undefined {
  if (!panel) {
    return undefined;
  }
  const { outcome } = parameters;
  if (panel.kind === "two_times") {
    return {
      id: "before-after",
      title: "Before and after",
      figures: [twoTimesFigure(panel, outcome)],
      findings: [],
      tables: [],
    };
  }
  const findings = [panel.pre_trend?.finding, panel.placebo_in_time?.finding, panel.trend_breakdown?.finding].filter(
    (finding) => finding !== undefined,
  );
  const figures = [
    ...(panel.event_study.length > 0 ? [eventFigure(panel, outcome)] : []),
    ...(panel.by_cohort.length > 0
      ? [
          partsFigure(
            "by-cohort",
            "The effect by start",
            "start",
            panel.by_cohort,
            outcome,
            "Effects alike in all starts: one number then speaks for all of them.",
          ),
        ]
      : []),
    ...(panel.by_period.length > 0
      ? [
          partsFigure(
            "by-period",
            "The effect by period",
            "period",
            panel.by_period,
            outcome,
            "Whether the effect holds, grows or fades as time passes.",
          ),
        ]
      : []),
  ];
  const without =
    panel.without_cohort.length > 0 ? [{ title: "The estimate without each start", table: withoutTable(panel) }] : [];
  return { id: "before-after", title: "Before and after the start", figures, findings, tables: without };
}

function eventFigure(panel: Panel, outcome: string): Figure {
  const { event_study: effects, event_study_estimator: estimator } = panel;
  const points = effects.map(({ event_time, estimate, interval, band }) => ({
    time: event_time,
    estimate,
    ...(interval ? { interval: [interval.lower, interval.upper] as const } : {}),
    ...(band ? { band: [band.lower, band.upper] as const } : {}),
  }));
  return {
    id: "event-study",
    title: `The effect by time since the start${estimator ? ` (${estimatorName(estimator)})` : ""}`,
    lookFor:
      "Grey points near zero before the start (no trend of its own), coloured ones away from zero since then. The grey band holds for all at once.",
    label: points.map(({ time, estimate }) => `${time} periods since the start: ${formatNumber(estimate)}`).join("; "),
    option: eventStudy(points, outcome),
    height: 340,
    table: {
      columns: [
        "periods since the start",
        "effect",
        "standard error",
        "interval from",
        "interval to",
        "band from",
        "band to",
      ],
      rows: effects.map(({ event_time, estimate, standard_error, interval, band }) => [
        event_time,
        estimate,
        standard_error ?? null,
        interval?.lower ?? null,
        interval?.upper ?? null,
        band?.lower ?? null,
        band?.upper ?? null,
      ]),
    },
  };
}

function partsFigure(
  id: string,
  title: string,
  part: string,
  effects: Parts,
  outcome: string,
  lookFor: string,
): Figure {
  const rows = effects.map(({ label, estimate, interval }) => ({
    name: `${part} ${label}`,
    estimate,
    lower: interval.lower,
    upper: interval.upper,
    head: true,
  }));
  const parts = { rows, axis: `effect on ${outcome}` };
  return {
    id,
    title,
    lookFor,
    label: rows.map(({ name, estimate }) => `${name}: ${formatNumber(estimate)}`).join("; "),
    option: forest(parts),
    height: forestHeight(parts),
    table: {
      columns: [part, "effect", "standard error", "interval from", "interval to"],
      rows: effects.map(({ label, estimate, standard_error, interval }) => [
        label,
        estimate,
        standard_error,
        interval.lower,
        interval.upper,
      ]),
    },
  };
}

function twoTimesFigure(cells: TwoTimes, outcome: string): Figure {
  const pair = (values: readonly number[]): [number, number] => [values[0] ?? 0, values[1] ?? 0];
  const [treated, comparison] = [pair(cells.treated_means), pair(cells.comparison_means)];
  return {
    id: "two-times",
    title: "Means of the two groups, before and after",
    lookFor:
      "The gap between the treated and the dashed line: where they would be had they moved like the others. It is the effect (without covariates).",
    label: `Treated from ${formatNumber(treated[0])} to ${formatNumber(treated[1])}, comparison from ${formatNumber(comparison[0])} to ${formatNumber(comparison[1])}.`,
    option: twoTimes({ before: cells.before, after: cells.after, treated, comparison, outcome }),
    height: 320,
    table: {
      columns: ["group", `mean at ${cells.before}`, `mean at ${cells.after}`, "rows before", "rows after"],
      rows: [
        ["treated", ...treated, ...pair(cells.treated_rows)],
        ["comparison", ...comparison, ...pair(cells.comparison_rows)],
      ],
    },
  };
}

function withoutTable({ without_cohort }: Panel) {
  return {
    columns: ["start left out", "estimate without it", "red flag"],
    rows: without_cohort.map(({ start, estimate, flagged }) => [start, estimate ?? null, flagged ? "yes" : "no"]),
  };
}

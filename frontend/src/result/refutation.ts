import { contour } from "../charts/contour";
import { histogram } from "../charts/histogram";
import { formatNumber } from "../format";
import type { Figure, Section } from "./figure";
import type { Table } from "./table";
import type { CausalImpactResult, Estimator, Refutation, Sensitivity } from "./types";
import { estimatorName, refuterLookFor, refuterName } from "./words";

/** Attempts to break the estimate, by simulation. */
export function refutersSection(result: CausalImpactResult): Section | undefined {
  const { refutations, estimator: head } = result;
  if (refutations.length === 0) {
    return undefined;
  }
  const tested = inOrder(
    refutations.map(({ estimator }) => estimator),
    head,
  );
  const choices = tested.map((estimator) => ({
    name: estimatorName(estimator),
    figures: refutations.filter((one) => one.estimator === estimator).map((one) => refuterFigure(one, result)),
  }));
  return {
    id: "refuters",
    title: "Attempts to break it",
    figures: choices[0]?.figures ?? [],
    choices,
    findings: [],
    tables: [{ title: "All refuters of all estimators", table: refutersTable(refutations) }],
  };
}

function refuterFigure(refutation: Refutation, { parameters }: CausalImpactResult): Figure {
  const { refuter, estimator, values, original, finding, mean } = refutation;
  const placebo = refuter === "placebo_treatment";
  const marks = [{ at: original, label: "estimate" }, ...(placebo ? [{ at: 0, label: "no effect" }] : [])];
  return {
    id: `refuter-${refuter}-${estimator}`.replaceAll("_", "-"),
    title: refuterName(refuter),
    lookFor: refuterLookFor(refuter),
    finding,
    label: `${finding}. The simulated estimates have the mean ${formatNumber(mean)}; the estimate is ${formatNumber(original)}.`,
    option: histogram({ values, marks, axis: `simulated effect on ${parameters.outcome}` }),
    height: 220,
    table: { columns: ["simulated estimate"], rows: values.map((value) => [value]) },
  };
}

function refutersTable(refutations: readonly Refutation[]): Table {
  return {
    columns: [
      "refuter",
      "estimator",
      "estimate",
      "mean of simulations",
      "standard deviation",
      "p-value",
      "simulations",
      "rows",
      "red flag",
      "finding",
    ],
    rows: refutations.map((one) => [
      refuterName(one.refuter),
      estimatorName(one.estimator),
      one.original,
      one.mean,
      one.standard_deviation,
      one.p_value,
      one.simulations,
      one.rows,
      one.flagged ? "yes" : "no",
      one.finding,
    ]),
  };
}

/** How strong something unmeasured would have to be. */
export function sensitivitySection(result: CausalImpactResult): Section | undefined {
  const { sensitivity, estimator: head } = result;
  if (sensitivity.length === 0) {
    return undefined;
  }
  const atHead = sensitivity.find(({ estimator }) => estimator === head);
  const plotted = atHead?.contour
    ? atHead
    : sensitivity.find(({ contour: grid, benchmarks }) => grid && benchmarks.length > 0);
  return {
    id: "sensitivity",
    title: "What if something was not measured?",
    figures: plotted ? [contourFigure(plotted, result)] : [],
    findings: atHead ? [atHead.finding] : [],
    tables: [{ title: "How strong it would have to be, by estimator", table: sensitivityTable(sensitivity) }],
  };
}

function contourFigure(report: Sensitivity, result: CausalImpactResult): Figure {
  const { contour: grid, benchmarks, estimator, finding, strongest_covariate } = report;
  const estimate = result.estimates.find((one) => one.estimator === estimator) ?? result;
  const { lower, upper } = estimate.interval;
  // Half the interval over the error is the quantile that the interval was made with.
  const quantile = (upper - lower) / 2 / estimate.standard_error;
  const [x, y] = [grid?.with_treatment ?? [], grid?.with_outcome ?? []];
  const inside = benchmarks.filter(
    ({ with_treatment, with_outcome }) => with_treatment <= (x.at(-1) ?? 0) && with_outcome <= (y.at(-1) ?? 0),
  );
  const strongest = inside.filter(({ covariate }) => covariate === strongest_covariate);
  return {
    id: `sensitivity-${estimator}`.replaceAll("_", "-"),
    title: `What a confounder that was left out would do (${estimatorName(estimator)})`,
    lookFor:
      "The diamonds, as strong as a covariate that you measured, should stay below the solid line, where nothing is left of the effect.",
    ...(estimator === result.estimator ? {} : { finding }),
    label: finding,
    option: contour({
      estimates: { x, y, values: grid?.estimates ?? [] },
      statistics: { x, y, values: grid?.statistics ?? [] },
      estimate: estimate.estimate,
      critical: Math.sign(estimate.estimate) * quantile,
      benchmarks: strongest.map((one) => ({
        name: `${one.strength} × ${one.covariate}`,
        x: one.with_treatment,
        y: one.with_outcome,
        estimate: one.estimate,
      })),
    }),
    height: 380,
    table: {
      columns: [
        "confounder as strong as",
        "times",
        "share of the treatment",
        "share of the outcome",
        "estimate would be",
        "interval from",
        "interval to",
      ],
      rows: benchmarks.map((one) => [
        one.covariate,
        one.strength,
        one.with_treatment,
        one.with_outcome,
        one.estimate,
        one.lower,
        one.upper,
      ]),
    },
  };
}

function sensitivityTable(reports: readonly Sensitivity[]): Table {
  return {
    columns: [
      "estimator",
      "brings the estimate to zero",
      "makes it insignificant",
      "E-value",
      "E-value of the interval",
      "red flag",
      "finding",
    ],
    rows: reports.map((one) => [
      estimatorName(one.estimator),
      one.robustness_value ?? null,
      one.robustness_value_alpha ?? null,
      one.e_value?.estimate ?? null,
      one.e_value?.interval ?? null,
      one.flagged ? "yes" : "no",
      one.finding,
    ]),
  };
}

/** Each once, the head first. */
function inOrder(estimators: readonly Estimator[], head: Estimator): Estimator[] {
  const all = [...new Set(estimators)];
  return [...all.filter((one) => one === head), ...all.filter((one) => one !== head)];
}

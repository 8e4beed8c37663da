import type { Estimand, Estimator, Refuter, Treatment } from "./types";

/** Names of things in results, for people. */
const ESTIMATORS: Record<Estimator, string> = {
  difference_in_means: "Difference in means",
  regression_adjustment: "Regression adjustment",
  ancova: "ANCOVA",
  change_score: "Change score",
  inverse_propensity_weighting: "Inverse propensity weighting",
  propensity_matching: "Propensity matching",
  mahalanobis_matching: "Mahalanobis matching",
  aipw_linear: "AIPW, linear",
  aipw_boosted: "AIPW, boosted",
  partially_linear: "Partially linear",
  partially_linear_boosted: "Partially linear, boosted",
  two_by_two: "Difference in differences",
  two_way_fixed_effects: "Two-way fixed effects",
  callaway_santanna: "Callaway-Sant'Anna",
};

const ESTIMANDS: Record<Estimand, string> = {
  everybody: "average over everybody",
  treated: "average over the treated",
  variance_weighted: "weighted average",
  association: "difference between groups",
};

const REFUTERS: Record<Refuter, { readonly name: string; readonly lookFor: string }> = {
  placebo_treatment: {
    name: "Placebo treatment",
    lookFor: "A shuffled treatment has no effect: the bars should lie around zero, and the estimate far outside them.",
  },
  random_common_cause: {
    name: "Random common cause",
    lookFor: "A covariate of pure noise should change nothing: the bars should lie close to the estimate.",
  },
  data_subset: {
    name: "Part of the data",
    lookFor: "Without a fifth of the rows the answer should stay: the bars should lie around the estimate.",
  },
  bootstrap: {
    name: "Bootstrap",
    lookFor: "Rows drawn anew show how far chance moves the estimate: it should lie in the middle of the bars.",
  },
};

/** What a red flag's check is called, and what to do about it. */
const CHECKS: Record<string, { readonly name: string; readonly advice: string }> = {
  agreement: {
    name: "Estimators disagree",
    advice:
      "One of the models does not fit. If a linear and a boosted one differ, the relation bends: prefer the boosted one, or add squared covariates.",
  },
  overlap: {
    name: "Groups are hard to compare",
    advice:
      "Compare only what is comparable: trim extreme propensities, set a caliper, take a narrower table, or ask for the effect on the treated.",
  },
  balance: {
    name: "Groups differ before adjustment",
    advice:
      "The regression extrapolates from one group to the other. Hold those covariates fixed, or take a narrower table.",
  },
  negative_control: {
    name: "An effect where there can be none",
    advice:
      "Something that was not measured moves both: the estimate is off by something of this kind. Look for what it could be.",
  },
  before_after: {
    name: "Before-and-after answers differ",
    advice:
      "The groups started apart. Say which assumption holds: alike rows are comparable (ANCOVA), or trends are parallel (change score). The truth lies between if either does.",
  },
  pre_trend: {
    name: "Trends part before the start",
    advice: "Parallel trends fail, and the effect with them. Find other units to compare with.",
  },
  placebo_in_time: {
    name: "An effect before the start",
    advice: "A start that never was has an effect: parallel trends fail. Find other units to compare with.",
  },
  leave_one_cohort_out: {
    name: "One cohort carries the answer",
    advice: "Look at that cohort: without it the estimate is another one.",
  },
  staggered: {
    name: "Starts differ",
    advice: "Take the estimator callaway_santanna to the head; two-way fixed effects mislead when starts differ.",
  },
  sample_ratio: {
    name: "The split is not the planned one",
    advice: "Look for a fault in the assignment or in the logging before using any number.",
  },
  joint_balance: {
    name: "Covariates predict the treatment",
    advice: "Chance alone seldom does this: look for a fault in the assignment.",
  },
  sample_size: {
    name: "Very few rows or clusters",
    advice: "Intervals may be too narrow. Collect more data, or treat the answer as a hint.",
  },
  unmatched: {
    name: "Many rows found no match",
    advice: "The effect speaks for the matched rows only. Widen the caliper, or say so when you use it.",
  },
  placebo_treatment: {
    name: "Placebo treatment",
    advice: "The estimator finds effects where there are none: do not trust its error.",
  },
  random_common_cause: {
    name: "Random common cause",
    advice: "Noise moves the estimate: it is unstable. Use fewer covariates or more rows.",
  },
  data_subset: { name: "Part of the data", advice: "The answer depends on a few rows. Look for outliers." },
  bootstrap: {
    name: "Bootstrap",
    advice: "The estimate or its error is unstable. Look for outliers, or take more rows.",
  },
  unobserved_confounder: {
    name: "A confounder could undo it",
    advice: "One as strong as a covariate that you measured would be enough. Name what it could be, and measure it.",
  },
};

export function estimatorName(estimator: string): string {
  return (ESTIMATORS as Record<string, string | undefined>)[estimator] ?? inWords(estimator);
}

export function estimandName(estimand: string): string {
  return (ESTIMANDS as Record<string, string | undefined>)[estimand] ?? inWords(estimand);
}

export function refuterName(refuter: Refuter): string {
  return REFUTERS[refuter].name;
}

export function refuterLookFor(refuter: Refuter): string {
  return REFUTERS[refuter].lookFor;
}

export function checkName(check: string): string {
  return CHECKS[check]?.name ?? capital(inWords(check));
}

export function checkAdvice(check: string): string | undefined {
  return CHECKS[check]?.advice;
}

/** What was compared with what. */
export function treatmentWords(treatment: Treatment): string {
  const count = (rows: number) => rows.toLocaleString("en");
  switch (treatment.kind) {
    case "binary":
      return `${treatment.treated} (${count(treatment.treated_rows)} rows) against ${treatment.control} (${count(treatment.control_rows)} rows)`;
    case "arms":
      return `each of ${treatment.arms
        .filter(({ arm }) => arm !== treatment.control)
        .map(({ arm, rows }) => `${arm} (${count(rows)} rows)`)
        .join(", ")} against ${treatment.control}`;
    case "adoption":
      return `${count(treatment.treated_units)} units that start against ${count(treatment.untreated_units)} that do not`;
    case "continuous":
      return "one unit more of it";
  }
}

/** `rows_dropped` as "rows dropped". */
export function inWords(name: string): string {
  return name.replaceAll("_", " ");
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The agent's messages begin small, as parts of a sentence. */
export function sentenceCase(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

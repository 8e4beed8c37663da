import type { CausalImpactResult } from "./types";
import { checkName, estimatorName } from "./words";

/** One thing that was looked at, and what was found. */
export interface Check {
  readonly check: string;
  readonly name: string;
  readonly finding: string;
  readonly flagged: boolean;
}

/** Every check that was made of the answer, flagged or not: those of other estimators stand in their tables. */
export function checksOf(result: CausalImpactResult): Check[] {
  const { agreement, overlap, before_after, negative_controls, panel, diagnostics, estimator: head } = result;
  const checks: Check[] = [];
  const add = (
    check: string,
    found: { flagged: boolean; finding: string } | null | undefined,
    name = checkName(check),
  ) => {
    if (found) {
      checks.push({ check, name, finding: found.finding, flagged: found.flagged });
    }
  };
  add("sample_ratio", diagnostics.split?.test, "Planned split");
  add("joint_balance", diagnostics.joint_balance, "Covariates against treatment");
  add("agreement", agreement, "Agreement of estimators");
  if (overlap) {
    const finding =
      overlap.findings.join("; ") || "both groups are found wherever one of them is, and weighting makes them alike";
    add("overlap", { flagged: overlap.flagged, finding }, "Overlap");
  }
  if (before_after) {
    add("before_after", { flagged: before_after.apart, finding: before_after.finding }, "ANCOVA against change score");
  }
  for (const control of negative_controls) {
    add("negative_control", control, `Effect on ${control.outcome}`);
  }
  if (panel?.kind === "panel") {
    add("pre_trend", panel.pre_trend, "Trends before the start");
    add("placebo_in_time", panel.placebo_in_time, "A start that never was");
  }
  for (const refutation of result.refutations.filter(({ estimator }) => estimator === head)) {
    add(refutation.refuter, refutation);
  }
  const sensitivity = result.sensitivity.find(({ estimator }) => estimator === head);
  add("unobserved_confounder", sensitivity, `Something unmeasured (${estimatorName(head)})`);
  return checks;
}

/** Sentences worth knowing that no red flag has said already, each once. */
export function furtherWarnings({ warnings, red_flags }: CausalImpactResult): CausalImpactResult["warnings"] {
  const said = new Set(red_flags.map(({ message }) => message));
  return warnings.filter(({ message }) => {
    const isNew = !said.has(message);
    said.add(message);
    return isNew;
  });
}

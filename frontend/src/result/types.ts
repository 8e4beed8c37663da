import type { components as Api } from "../api/schema";
import type { components } from "./schema";

/** Types of a `causal_impact` result, from the JSON Schema that the platform publishes. */
export type CausalImpactResult = components["schemas"]["CausalImpactResult"];

export type Analysis = Api["schemas"]["Analysis"];
export type Estimate = CausalImpactResult["estimates"][number];
export type Estimator = Estimate["estimator"];
export type Estimand = Estimate["estimand"];
export type Interval = CausalImpactResult["interval"];
export type Treatment = CausalImpactResult["treatment"];
export type Contrast = CausalImpactResult["contrasts"][number];
export type Refutation = CausalImpactResult["refutations"][number];
export type Refuter = Refutation["refuter"];
export type Sensitivity = CausalImpactResult["sensitivity"][number];
export type Overlap = NonNullable<CausalImpactResult["overlap"]>;
export type Worth = NonNullable<CausalImpactResult["worth"]>;
export type PanelReport = NonNullable<CausalImpactResult["panel"]>;
export type Panel = Extract<PanelReport, { kind: "panel" }>;
export type TwoTimes = Extract<PanelReport, { kind: "two_times" }>;

/** Whether a result is one that this page knows how to show: of that agent, with what every version of it has. */
export function isCausalImpact(agent: string, result: unknown): result is CausalImpactResult {
  if (agent !== "causal_impact" || typeof result !== "object" || result === null) {
    return false;
  }
  const { estimate, interval, estimates, summary, red_flags, diagnostics } = result as Record<string, unknown>;
  return (
    typeof estimate === "number" &&
    typeof interval === "object" &&
    typeof diagnostics === "object" &&
    [estimates, summary, red_flags].every(Array.isArray)
  );
}

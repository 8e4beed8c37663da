import { beforeAfterSection } from "./beforeAfter";
import { comparabilitySection } from "./comparability";
import { estimatesSection } from "./estimates";
import type { Section } from "./figure";
import { refutersSection, sensitivitySection } from "./refutation";
import type { CausalImpactResult } from "./types";

/** The body of a result in the order it is read: what, whether it is fair, whether it holds. */
export function sectionsOf(result: CausalImpactResult): Section[] {
  return [
    estimatesSection(result),
    comparabilitySection(result),
    beforeAfterSection(result),
    refutersSection(result),
    sensitivitySection(result),
  ].filter((section) => section !== undefined && !isEmpty(section)) as Section[];
}

function isEmpty({ figures, findings, tables }: Section): boolean {
  return figures.length === 0 && findings.length === 0 && tables.length === 0;
}

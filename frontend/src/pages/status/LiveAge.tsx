import type { Part } from "../../status/types";
import { ageWords } from "../../status/words";

/** How old the newest look is: the proof that somebody looks. */
export function LiveAge({ parts }: { readonly parts: readonly Part[] }) {
  const ages = parts.flatMap(({ age_s: age }) => (typeof age === "number" ? [age] : []));
  return ages.length > 0 && <>The last look was {ageWords(Math.min(...ages))}.</>;
}

import { Stack } from "@mantine/core";
import { useMemo } from "react";

import { AnswerCard } from "./AnswerCard";
import { DetailsCard } from "./DetailsCard";
import { FlagsCard } from "./FlagsCard";
import { OtherResult } from "./OtherResult";
import { SectionView } from "./SectionView";
import { sectionsOf } from "./sections";
import { type Analysis, type CausalImpactResult, isCausalImpact } from "./types";

interface Props {
  /** Whose result: of the whole analysis no more is needed, so that a shared page has it too. */
  readonly analysis: Pick<Analysis, "id" | "agent">;
  readonly result: unknown;
}

/**
 * A result as it is read: the answer, what speaks against it, the plots, how it was made.
 *
 * Fetches nothing: the analysis page and the read-only shared page show it alike.
 */
export function ResultView({ analysis, result }: Props) {
  return isCausalImpact(analysis.agent, result) ? (
    <CausalImpact analysis={analysis} result={result} />
  ) : (
    <OtherResult result={result} />
  );
}

function CausalImpact({ analysis, result }: Props & { readonly result: CausalImpactResult }) {
  const sections = useMemo(() => sectionsOf(result), [result]);
  const fileStem = `${result.parameters.outcome}-${analysis.id.slice(0, 8)}`;
  return (
    <Stack gap="md">
      <AnswerCard result={result} />
      <FlagsCard result={result} />
      {sections.map((section) => (
        <SectionView key={section.id} section={section} fileStem={fileStem} />
      ))}
      <DetailsCard analysis={analysis} result={result} fileStem={fileStem} />
    </Stack>
  );
}

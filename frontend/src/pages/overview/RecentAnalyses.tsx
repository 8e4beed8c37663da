import { Group, Stack, Title } from "@mantine/core";
import { LinkAnchor } from "../../components/links";

import { AnalysisTable } from "../../analyses/AnalysisTable";
import type { Analysis } from "../../data/datasets";

/** The newest analyses, as they stand. */
export function RecentAnalyses({ analyses }: { readonly analyses: readonly Analysis[] }) {
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Recent analyses
        </Title>
        <LinkAnchor to="/analyses" size="sm">
          All analyses
        </LinkAnchor>
      </Group>
      <AnalysisTable analyses={analyses} />
    </Stack>
  );
}

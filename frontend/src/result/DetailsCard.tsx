import { Accordion, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

import { columnTables, conventionTable, parameterFacts, rowFacts, versionFacts, workingsTables } from "./details";
import { Facts } from "./Facts";
import { Folded } from "./Folded";
import type { Analysis, CausalImpactResult } from "./types";

interface Props {
  readonly analysis: Pick<Analysis, "agent">;
  readonly result: CausalImpactResult;
  readonly fileStem: string;
}

/** Diagnostics, and how exactly it was computed: folded, for those who want to repeat it. */
export function DetailsCard({ analysis, result, fileStem }: Props) {
  const convention = { title: "What each number is, and where else it comes out", table: conventionTable(result) };
  return (
    <Paper component="section" withBorder p={{ base: "sm", sm: "lg" }} radius="md" aria-labelledby="details">
      <Stack gap="md">
        <Title order={3} size="h4" id="details">
          Data and method
        </Title>
        <Facts facts={rowFacts(result)} dense />
        <Folded tables={[...columnTables(result), ...workingsTables(result), convention]} fileStem={fileStem} />
        <Accordion multiple chevronPosition="left" variant="contained">
          <Part title="Parameters">
            <Facts facts={parameterFacts(result.parameters)} dense />
          </Part>
          <Part title="Versions and seed">
            <Facts facts={versionFacts(result, analysis.agent)} dense />
          </Part>
        </Accordion>
      </Stack>
    </Paper>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Accordion.Item value={title}>
      <Accordion.Control>
        <Text size="sm">{title}</Text>
      </Accordion.Control>
      <Accordion.Panel>{children}</Accordion.Panel>
    </Accordion.Item>
  );
}

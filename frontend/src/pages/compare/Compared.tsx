import { Paper, Stack, Table, Text, Title } from "@mantine/core";

import { answerDifference, estimatesSideBySide, questionDifferences } from "../../analysis/comparison";
import type { Analysis } from "../../analysis/question";
import { useAgent, useResult } from "../../analysis/useAnalysis";
import { useNewerVersion } from "../../analysis/useNewerVersion";
import { Chart } from "../../charts/Chart";
import { forest, forestHeight } from "../../charts/forest";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { ScrollRegion } from "../../components/ScrollRegion";
import { ResultTable } from "../../result/ResultTable";
import { type CausalImpactResult, isCausalImpact } from "../../result/types";
import { estimatorName } from "../../result/words";
import classes from "./compare.module.css";
import { Side } from "./Side";

interface Props {
  readonly left: Analysis;
  readonly right: Analysis;
}

/** Two analyses whose results may be there. */
export function Compared({ left, right }: Props) {
  const [one, other] = [
    useResult(left.id, left.state === "succeeded"),
    useResult(right.id, right.state === "succeeded"),
  ];
  const refused = [one, other].find(({ isError }) => isError);
  const waits = [left, right].find(({ state }) => state !== "succeeded");
  return (
    <>
      <Questions left={left} right={right} />
      {refused && <Problem error={refused.error} onRetry={() => void refused.refetch()} />}
      {waits && (
        <Paper withBorder p="lg" radius="md">
          <Text>One of them has no result: it is {waits.state}. This page shows the comparison when it has one.</Text>
        </Paper>
      )}
      {!refused && !waits && !(one.data && other.data) && <Loading what="Loading the results" />}
      {one.data && other.data && <Answers left={left} right={right} one={one.data} other={other.data} />}
    </>
  );
}

function Questions({ left, right }: Props) {
  const agent = useAgent(left.agent).data;
  const [of, against] = [useNewerVersion(left.dataset_id).used, useNewerVersion(right.dataset_id).used];
  const dataset = (id: string | null | undefined) => {
    const known = [of, against].find((one) => one?.id === id);
    return known ? `${known.name}, version ${known.version}` : id ? "…" : "none";
  };
  const differences = questionDifferences(left, right, agent?.parameters_schema, dataset);
  return (
    <Paper component="section" withBorder p={{ base: "sm", sm: "lg" }} radius="md" aria-labelledby="questions">
      <Title order={2} size="h4" id="questions" mb="xs">
        What differs in the question
      </Title>
      {differences.length === 0 ? (
        <Text size="sm">Nothing: the same question of the same data.</Text>
      ) : (
        <ScrollRegion label="Differences, one by one">
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>What</Table.Th>
                <Table.Th>Left</Table.Th>
                <Table.Th>Right</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {differences.map(({ name, left: one, right: other }) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row" fw={500}>
                    {name}
                  </Table.Th>
                  <Table.Td>{one}</Table.Td>
                  <Table.Td>{other}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
    </Paper>
  );
}

function Answers({ left, right, one, other }: Props & { readonly one: unknown; readonly other: unknown }) {
  const both =
    isCausalImpact(left.agent, one) && isCausalImpact(right.agent, other) ? ([one, other] as const) : undefined;
  return (
    <>
      {both && <OneAxis left={both[0]} right={both[1]} />}
      <div className={classes["sides"]}>
        <Side title="Left" analysis={left} result={one} />
        <Side title="Right" analysis={right} result={other} />
      </div>
      {both && (
        <Paper component="section" withBorder p={{ base: "sm", sm: "lg" }} radius="md" aria-labelledby="estimates">
          <Title order={2} size="h4" id="estimates" mb="xs">
            All estimators
          </Title>
          <ResultTable table={estimatesSideBySide(...both)} caption="All estimators of both" />
        </Paper>
      )}
    </>
  );
}

function OneAxis({ left, right }: { readonly left: CausalImpactResult; readonly right: CausalImpactResult }) {
  const sentence = answerDifference(left, right);
  const row = (side: string, { estimator, estimate, interval }: CausalImpactResult) => ({
    name: side,
    detail: estimatorName(estimator),
    estimate,
    lower: interval.lower,
    upper: interval.upper,
    head: true,
  });
  const sameOutcome = left.parameters.outcome === right.parameters.outcome;
  const parts = { rows: [row("Left", left), row("Right", right)], axis: `effect on ${left.parameters.outcome}` };
  return (
    <Paper component="section" withBorder p={{ base: "sm", sm: "lg" }} radius="md" aria-labelledby="answers">
      <Stack gap="xs">
        <Title order={2} size="h4" id="answers">
          Both answers
        </Title>
        <Text fw={500} data-testid="difference">
          {sentence}
        </Text>
        {sameOutcome && <Chart option={forest(parts)} label={sentence} height={forestHeight(parts)} />}
      </Stack>
    </Paper>
  );
}

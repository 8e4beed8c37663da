import { Accordion, Table, Text } from "@mantine/core";

import { failureWords } from "../../analysis/failure";
import type { Analysis } from "../../analysis/question";
import { useAttempts } from "../../analysis/useAnalysis";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Time } from "../../components/Time";
import { formatSeconds } from "../../format";

/** Every time that a worker took it up, and how that ended. */
export function AttemptsCard({ analysis }: { readonly analysis: Analysis }) {
  return (
    <Accordion chevronPosition="left" variant="contained">
      <Accordion.Item value="attempts">
        <Accordion.Control>
          <Text size="sm">
            {analysis.attempt === 1 ? "One attempt" : `${analysis.attempt} attempts`}
            {analysis.crash_count > 0 ? `, ${analysis.crash_count} of them crashed` : ""}
          </Text>
        </Accordion.Control>
        <Accordion.Panel>
          <Attempts id={analysis.id} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function Attempts({ id }: { readonly id: string }) {
  const attempts = useAttempts(id, true);
  if (attempts.isError) {
    return <Problem error={attempts.error} onRetry={() => void attempts.refetch()} />;
  }
  if (!attempts.data) {
    return <Loading what="Loading the attempts" lines={2} />;
  }
  return (
    <ScrollRegion label="Attempts">
      <Table fz="xs">
        <Table.Thead>
          <Table.Tr>
            {["Attempt", "Began", "Took", "How it ended", "Worker"].map((name) => (
              <Table.Th key={name}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attempts.data.map(({ attempt, worker, started_at, ended_at, failure }) => (
            <Table.Tr key={attempt}>
              <Table.Td>{attempt}</Table.Td>
              <Table.Td>
                <Time at={started_at} />
              </Table.Td>
              <Table.Td>
                {ended_at ? formatSeconds((Date.parse(ended_at) - Date.parse(started_at)) / 1000) : "runs"}
              </Table.Td>
              <Table.Td miw={220}>
                {failure
                  ? `${failureWords(failure.reason).title}: ${failure.detail}`
                  : ended_at
                    ? "with a result"
                    : "–"}
              </Table.Td>
              <Table.Td>{worker}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  );
}

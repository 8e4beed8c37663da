import { Button, Select, Stack, Table, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { HistoryRow } from "./HistoryRow";
import { Empty } from "../../components/Empty";
import { Loading } from "../../components/Loading";
import { Problem } from "../../components/Problem";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Section } from "../../components/Section";
import { isDeployerAway, useDeployments } from "../../deployments/queries";
import type { DeploymentState, Statistics, Summary } from "../../deployments/types";
import { STATES } from "../../deployments/words";

function isState(text: string | undefined): text is DeploymentState {
  return text !== undefined && text in STATES;
}

/** All deployments, newest first. */
export function History({ statistics }: { readonly statistics: Statistics }) {
  const { state: asked } = useSearch({ from: "/signed-in/deployments" });
  const navigate = useNavigate();
  const state = isState(asked) ? asked : undefined;
  const pages = useDeployments(state);
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section
      title="All deployments"
      about="Each try to change what is live, newest first."
      actions={
        <Select
          aria-label="State"
          placeholder="Any state"
          size="xs"
          w={170}
          clearable
          clearButtonProps={{ "aria-label": "Any state" }}
          data={Object.entries(STATES).map(([value, { label }]) => ({ value, label }))}
          value={state ?? null}
          onChange={(chosen) => {
            void navigate({ to: "/deployments", search: chosen === null ? {} : { state: chosen }, replace: true });
          }}
        />
      }
    >
      {pages.isError && !isDeployerAway(pages) && <Problem error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.isPending && <Loading what="Loading the deployments" lines={6} />}
      {pages.isSuccess && items.length === 0 && <Nothing isFiltered={state !== undefined} statistics={statistics} />}
      {items.length > 0 && <Rows items={items} />}
      {pages.hasNextPage && (
        <Button
          variant="default"
          w="fit-content"
          loading={pages.isFetchingNextPage}
          onClick={() => pages.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
    </Section>
  );
}

function Nothing({ isFiltered, statistics }: { readonly isFiltered: boolean; readonly statistics: Statistics }) {
  return isFiltered && statistics.deployments > 0 ? (
    <Text size="sm" c="dimmed">
      No deployment is in that state.
    </Text>
  ) : (
    <Empty title="Nothing was deployed yet">
      Push to the branch, or deploy by hand with the button above. What runs now was started by hand.
    </Empty>
  );
}

function Rows({ items }: { readonly items: readonly Summary[] }) {
  return (
    <Stack gap="xs">
      <ScrollRegion label="All deployments">
        <Table fz="sm" verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">No.</Table.Th>
              <Table.Th scope="col">Commit</Table.Th>
              <Table.Th scope="col" visibleFrom="sm">
                State
              </Table.Th>
              <Table.Th scope="col" visibleFrom="sm">
                Asked for
              </Table.Th>
              <Table.Th scope="col" ta="right" visibleFrom="sm">
                Took
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((summary) => (
              <HistoryRow key={summary.id} summary={summary} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
    </Stack>
  );
}

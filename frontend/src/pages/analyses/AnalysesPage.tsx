import { Group, Select } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useAgents } from "../../analyses/agents";
import { useAnalyses } from "../../analyses/useAnalyses";
import { mayWrite, useWorkspace } from "../../app/workspace";
import { Empty } from "../../components/Empty";
import { LinkAnchor, LinkButton } from "../../components/links";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { STATES, isState } from "./states";
import { VirtualList } from "./VirtualList";

/** All analyses of the workspace; two of them can be compared. */
export function AnalysesPage() {
  const { workspace } = useWorkspace();
  const { state, agent, dataset } = useSearch({ from: "/signed-in/analyses" });
  const navigate = useNavigate({ from: "/analyses" });
  const agents = useAgents().data ?? [];
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const list = useAnalyses({
    workspaceId: workspace.id,
    ...(isState(state) ? { state } : {}),
    ...(agent === undefined ? {} : { agent }),
    ...(dataset === undefined ? {} : { dataset }),
  });
  const analyses = list.data?.pages.flatMap((page) => page.analyses) ?? [];
  const [left, right] = chosen;
  const isFiltered = state !== undefined || agent !== undefined || dataset !== undefined;

  return (
    <Page
      title="Analyses"
      about="Everything that was asked in this workspace, newest first. Tick two to compare them."
      actions={
        <>
          {left !== undefined && right !== undefined && (
            <LinkButton to="/compare" search={{ left, right }} variant="default">
              Compare the two
            </LinkButton>
          )}
          {mayWrite(workspace) && (
            <LinkButton to="/ask" leftSection={<IconPlus size={16} aria-hidden />}>
              New analysis
            </LinkButton>
          )}
        </>
      }
    >
      <Group gap="sm" align="flex-end">
        <Select
          label="State"
          size="xs"
          w={150}
          clearable
          placeholder="Any"
          data={STATES}
          value={state ?? null}
          onChange={(value) =>
            void navigate({ search: (now) => ({ ...now, state: value ?? undefined }), replace: true })
          }
        />
        <Select
          label="Agent"
          size="xs"
          w={180}
          clearable
          placeholder="Any"
          data={agents
            .filter(({ audience }) => audience === "analysts")
            .map(({ name, title }) => ({ value: name, label: title }))}
          value={agent ?? null}
          onChange={(value) =>
            void navigate({ search: (now) => ({ ...now, agent: value ?? undefined }), replace: true })
          }
        />
        {isFiltered && (
          <LinkAnchor to="/analyses" search={{}} size="sm">
            Show all
          </LinkAnchor>
        )}
      </Group>
      {list.isError && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading what="Loading the analyses" lines={8} />}
      {list.data && analyses.length === 0 && <Nothing isFiltered={isFiltered} />}
      {analyses.length > 0 && (
        <VirtualList
          analyses={analyses}
          agents={agents}
          chosen={chosen}
          onChoose={(id, isChosen) => {
            // The third replaces the first.
            setChosen(isChosen ? [...chosen, id].slice(-2) : chosen.filter((other) => other !== id));
          }}
          hasMore={list.hasNextPage}
          onEnd={() => {
            if (!list.isFetchingNextPage) {
              void list.fetchNextPage();
            }
          }}
        />
      )}
    </Page>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  return isFiltered ? (
    <Empty title="Nothing fits this">Take a condition away, or show all.</Empty>
  ) : (
    <Empty title="Nothing was asked here yet">
      Pick a table and ask: <LinkAnchor to="/ask">New analysis</LinkAnchor>. Without a table of your own, the{" "}
      <LinkAnchor to="/">overview</LinkAnchor> loads one with a known answer.
    </Empty>
  );
}

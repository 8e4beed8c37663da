import { Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";

import type { Filter } from "../../analysis/merge";
import { toggled } from "../../analysis/selection";
import { useAnalyses } from "../../analysis/useAnalyses";
import { mayWrite, useWorkspace } from "../../app/workspace";
import { Empty } from "../../components/Empty";
import { LinkAnchor, LinkButton } from "../../components/links";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { formatCount } from "../../format";
import { AnalysesTable } from "./AnalysesTable";
import { Filters, isState } from "./Filters";

export function AnalysesPage() {
  const { workspace } = useWorkspace();
  return (
    <Page
      title="Analyses"
      about={`All questions that were asked in “${workspace.name}”, newest first. Select two to compare them.`}
      actions={
        mayWrite(workspace) && (
          <LinkButton to="/ask" leftSection={<IconPlus size={16} aria-hidden />}>
            New analysis
          </LinkButton>
        )
      }
    >
      <Listed key={workspace.id} workspaceId={workspace.id} />
    </Page>
  );
}

function Listed({ workspaceId }: { readonly workspaceId: string }) {
  const { state, agent, dataset } = useSearch({ from: "/signed-in/analyses" });
  const filter = useMemo(
    (): Filter => ({
      workspaceId,
      ...(isState(state) ? { state } : {}),
      ...(agent === undefined ? {} : { agent }),
      ...(dataset === undefined ? {} : { datasetId: dataset }),
    }),
    [workspaceId, state, agent, dataset],
  );
  const { analyses, newest, pages } = useAnalyses(filter);
  const [selected, setSelected] = useState<readonly string[]>([]);
  const toggle = useCallback((id: string) => {
    setSelected((before) => toggled(before, id));
  }, []);
  const error = pages.error ?? newest.error;
  const isFiltered = state !== undefined || agent !== undefined || dataset !== undefined;

  return (
    <>
      <Filters filter={filter} />
      {error && analyses.length === 0 ? (
        <Problem error={error} onRetry={() => void Promise.all([newest.refetch(), pages.refetch()])} />
      ) : pages.isPending && newest.isPending ? (
        <Loading what="Loading the analyses" lines={8} />
      ) : analyses.length === 0 ? (
        <Nothing isFiltered={isFiltered} />
      ) : (
        <>
          <Selected
            selected={selected}
            onClear={() => {
              setSelected([]);
            }}
          />
          <AnalysesTable
            analyses={analyses}
            isComplete={!pages.hasNextPage && !pages.isPending}
            selected={selected}
            onToggle={toggle}
            onEnd={() => {
              if (pages.hasNextPage && !pages.isFetching) {
                void pages.fetchNextPage({ cancelRefetch: false });
              }
            }}
          />
          {pages.isFetchNextPageError && (
            <Problem
              error={pages.error}
              title="Older analyses could not be read"
              onRetry={() => void pages.fetchNextPage()}
            />
          )}
          <Text size="xs" c="dimmed" role="status">
            {pages.isFetchingNextPage ? "Loading older ones …" : told(analyses.length, !pages.hasNextPage)}
          </Text>
        </>
      )}
    </>
  );
}

function told(count: number, isAll: boolean): string {
  const analyses = count === 1 ? "1 analysis" : `${formatCount(count)} analyses`;
  return isAll ? `${analyses}.` : `The newest ${analyses}; scroll on for older ones.`;
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  const navigate = useNavigate();
  const { workspace } = useWorkspace();
  return isFiltered ? (
    <Empty title="No analysis is like that">
      <Button variant="default" size="xs" mt="xs" onClick={() => void navigate({ to: "/analyses", search: {} })}>
        Show all
      </Button>
    </Empty>
  ) : (
    <Empty title="Nothing has been asked here yet">
      {mayWrite(workspace) ? (
        <>
          <LinkAnchor inherit underline="always" to="/ask">
            Ask a question
          </LinkAnchor>{" "}
          of your data, or begin with a demo on{" "}
          <LinkAnchor inherit underline="always" to="/">
            the overview
          </LinkAnchor>
          .
        </>
      ) : (
        "Analyses of this workspace are listed here once somebody has asked."
      )}
    </Empty>
  );
}

interface SelectedProps {
  readonly selected: readonly string[];
  readonly onClear: () => void;
}

function Selected({ selected, onClear }: SelectedProps) {
  const [left, right] = selected;
  return (
    <Group gap="xs" mih={30}>
      {left !== undefined && right !== undefined ? (
        <LinkButton size="xs" to="/compare" search={{ left, right }}>
          Compare the two
        </LinkButton>
      ) : (
        <Button size="xs" disabled>
          Compare the two
        </Button>
      )}
      <Text size="sm" c="dimmed" role="status">
        {selected.length === 0 ? "None selected" : `${selected.length} of 2 selected`}
      </Text>
      {selected.length > 0 && (
        <Button size="compact-xs" variant="default" onClick={onClear}>
          Clear
        </Button>
      )}
    </Group>
  );
}

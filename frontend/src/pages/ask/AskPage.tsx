import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { useApi } from "../../app/platform";
import { mayWrite, useWorkspace } from "../../app/workspace";
import { useAgents } from "../../ask/useAgents";
import { Empty } from "../../components/Empty";
import { LinkAnchor } from "../../components/links";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { useDataset } from "../../data/datasets";
import { AskForm } from "./AskForm";
import { Subject } from "./Subject";

const ABOUT = "Say what may have moved what, and which columns tell. Nothing runs before you press Start.";

export function AskPage() {
  const { workspace } = useWorkspace();
  const { clone, dataset, agent } = useSearch({ from: "/signed-in/ask" });
  const earlier = useEarlier(clone);
  const datasetId = dataset ?? earlier.data?.dataset_id ?? undefined;
  const title = clone === undefined ? "New analysis" : "Ask again";

  if (!mayWrite(workspace)) {
    return (
      <Page title={title}>
        <Empty title="You may look, not ask">
          Your role in “{workspace.name}” is viewer. An owner of the workspace can make you an analyst.{" "}
          <LinkAnchor inherit underline="always" to="/analyses">
            To its analyses
          </LinkAnchor>
        </Empty>
      </Page>
    );
  }
  return (
    <Page title={title} about={ABOUT}>
      {earlier.isError ? (
        <Problem error={earlier.error} title="The earlier analysis could not be read" />
      ) : clone !== undefined && !earlier.data ? (
        <Loading what="Loading the earlier analysis" lines={6} />
      ) : (
        <Asked clone={clone} datasetId={datasetId} agentName={agent ?? earlier.data?.agent} />
      )}
    </Page>
  );
}

/** The analysis to begin from. */
function useEarlier(id: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.analysis(id ?? ""),
    queryFn: () => body(api.GET("/api/v1/analyses/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: id !== undefined,
  });
}

interface Props {
  readonly clone: string | undefined;
  readonly datasetId: string | undefined;
  readonly agentName: string | undefined;
}

function Asked({ clone, datasetId, agentName }: Props) {
  const navigate = useNavigate();
  const agents = useAgents();
  const earlier = useEarlier(clone).data;
  const dataset = useDataset(datasetId ?? "", datasetId !== undefined);

  if (!agents.data) {
    return agents.isError ? (
      <Problem error={agents.error} onRetry={() => void agents.refetch()} />
    ) : (
      <Loading what="Loading the agents" lines={6} />
    );
  }
  const agent =
    agents.data.find(({ name }) => name === agentName) ?? (agents.data.length === 1 ? agents.data[0] : undefined);
  const go = (to: { dataset?: string; agent?: string }) => {
    const search = { ...(clone === undefined ? {} : { clone }), dataset: datasetId, agent: agentName, ...to };
    const given = Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
    void navigate({ to: "/ask", search: given, replace: true, resetScroll: false });
  };
  return (
    <>
      <Subject
        agents={agents.data}
        agent={agent}
        dataset={dataset.data}
        datasetId={datasetId}
        onAgent={(name) => {
          go({ agent: name });
        }}
        onDataset={(id) => {
          go({ dataset: id });
        }}
      />
      {dataset.isError && <Problem error={dataset.error} title="The dataset could not be read" />}
      {datasetId !== undefined && dataset.isPending && <Loading what="Loading the columns" lines={6} />}
      {agent && (dataset.data ?? !agent.needs_dataset) && (
        <AskForm
          key={`${agent.name} ${clone ?? ""}`}
          agent={agent}
          dataset={agent.needs_dataset ? dataset.data : undefined}
          earlier={earlier}
        />
      )}
    </>
  );
}

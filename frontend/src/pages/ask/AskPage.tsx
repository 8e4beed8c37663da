import { useSearch } from "@tanstack/react-router";

import { useAgents } from "../../analyses/agents";
import { mayWrite, useWorkspace } from "../../app/workspace";
import { useCloned } from "../../ask/useQuestion";
import { Empty } from "../../components/Empty";
import { LinkAnchor } from "../../components/links";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { useDatasets } from "../../data/datasets";
import { Question } from "./Question";

/** A new question: which table, which agent, which column is what. */
export function AskPage() {
  return (
    <Page
      title="New analysis"
      about="Pick a table, say which column is what, and ask. Nothing is changed in your data."
    >
      <WhatToAsk />
    </Page>
  );
}

function WhatToAsk() {
  const { workspace } = useWorkspace();
  const { clone, dataset, agent } = useSearch({ from: "/signed-in/ask" });
  const agents = useAgents();
  const datasets = useDatasets(workspace.id);
  const cloned = useCloned(clone);

  if (!mayWrite(workspace)) {
    return (
      <Empty title="You may look here, not ask">
        In {workspace.name} you are a viewer. Choose another workspace above, or ask one of its owners to make you an
        analyst.
      </Empty>
    );
  }
  const error = agents.error ?? datasets.error ?? cloned.error;
  if (error) {
    return <Problem error={error} />;
  }
  if (!agents.data || !datasets.data || (clone !== undefined && !cloned.data)) {
    return <Loading what="Loading tables and agents" lines={6} />;
  }
  const tables = datasets.data.pages.flatMap((page) => page.datasets);
  const begin = dataset ?? cloned.data?.dataset_id ?? undefined;
  if (tables.length === 0 && begin === undefined) {
    return (
      <Empty title="There is no table to ask yet">
        <LinkAnchor to="/data">Upload one</LinkAnchor>, or load a demo from the <LinkAnchor to="/">overview</LinkAnchor>
        .
      </Empty>
    );
  }
  const own = agents.data.filter(({ audience }) => audience === "analysts");
  return (
    <Question
      key={`${clone ?? ""} ${workspace.id}`}
      agents={own}
      tables={tables}
      {...(begin === undefined ? {} : { datasetId: begin })}
      {...((agent ?? cloned.data?.agent) === undefined ? {} : { agentName: agent ?? cloned.data?.agent ?? "" })}
      {...(cloned.data ? { given: cloned.data.parameters } : {})}
    />
  );
}

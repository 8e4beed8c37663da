import { useParams, useSearch } from "@tanstack/react-router";

import { mayWrite, useWorkspace } from "../../app/workspace";
import { Empty } from "../../components/Empty";
import { LinkAnchor } from "../../components/links";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { isReadable, useDataset } from "../../data/datasets";
import { RecipeBuilder } from "./derive/RecipeBuilder";

/** Makes a new version by a recipe; `like` names a version whose recipe is to be changed. */
export function DerivePage() {
  const { id } = useParams({ from: "/signed-in/data/$id/derive" });
  const { like } = useSearch({ from: "/signed-in/data/$id/derive" });
  const { workspaces } = useWorkspace();
  const source = useDataset(id);
  const model = useDataset(like ?? id);
  const error = source.error ?? (like === undefined ? null : model.error);
  const { data } = source;
  if (!data || (like !== undefined && !model.data)) {
    return (
      <Page title="New version">
        {error ? (
          <Problem error={error} onRetry={() => void Promise.all([source.refetch(), model.refetch()])} />
        ) : (
          <Loading what="Loading the columns" lines={6} />
        )}
      </Page>
    );
  }
  const workspace = workspaces.find((each) => each.id === data.workspace_id);
  return (
    <Page
      title={`New version of ${data.name}`}
      about={
        <>
          Filter rows and derive columns, step by step, beginning from{" "}
          <LinkAnchor to="/data/$id" params={{ id }} underline="always">
            version {data.version}
          </LinkAnchor>
          , which stays as it is.
        </>
      }
    >
      {!workspace || !mayWrite(workspace) ? (
        <Empty title="You may look at this data, not make versions of it">
          Ask an owner of the workspace to make you an analyst.
        </Empty>
      ) : !data.schema || !isReadable(data) ? (
        <Empty title="This version has no rows yet">
          Wait until it is made, or begin from another one of its versions.
        </Empty>
      ) : (
        <RecipeBuilder
          key={`${id} ${like ?? ""}`}
          source={data}
          schema={data.schema}
          model={like ? model.data : undefined}
        />
      )}
    </Page>
  );
}

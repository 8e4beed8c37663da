import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

import { mayWrite, useWorkspace } from "../../app/workspace";
import { Empty } from "../../components/Empty";
import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { useDatasets } from "../../data/datasets";
import { DatasetsTable } from "./DatasetsTable";
import { UploadArea } from "./upload/UploadArea";

export function DatasetsPage() {
  const { workspace } = useWorkspace();
  return (
    <Page title="Data" about={`Tables of “${workspace.name}” that questions can be asked of. Versions never change.`}>
      {mayWrite(workspace) && <UploadArea key={workspace.id} workspaceId={workspace.id} />}
      <Datasets key={`list ${workspace.id}`} />
    </Page>
  );
}

function Datasets() {
  const { workspace } = useWorkspace();
  const [typed, setTyped] = useState("");
  const [sought] = useDebouncedValue(typed.trim(), 250);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useDatasets(workspace.id, sought);

  if (!data) {
    return error ? (
      <Problem error={error} onRetry={() => void refetch()} />
    ) : (
      <Loading what="Loading the datasets" lines={6} />
    );
  }
  const found = data.pages.flatMap(({ datasets }) => datasets);
  if (found.length === 0 && sought === "") {
    return (
      <Empty title="No data here yet">
        {mayWrite(workspace)
          ? "Drop a table above: one row for each person, store or other unit, a header in the first line. Its columns are looked at, and then you can ask what caused what."
          : "Nobody has uploaded a table to this workspace. You may look at what is in it, not add to it."}
      </Empty>
    );
  }
  return (
    <>
      <TextInput
        label="Search by name"
        leftSection={<IconSearch size={16} aria-hidden />}
        type="search"
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
        }}
        maw={360}
      />
      {found.length === 0 ? (
        <Empty title={`No dataset is called like “${sought}”`}>
          Search for another part of its name, or choose another workspace at the top.
        </Empty>
      ) : (
        <DatasetsTable datasets={found} />
      )}
      {hasNextPage && (
        <Button variant="default" w="fit-content" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

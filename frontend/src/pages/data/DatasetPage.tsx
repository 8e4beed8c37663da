import { useParams } from "@tanstack/react-router";

import { Loading } from "../../components/Loading";
import { Page } from "../../components/Page";
import { Problem } from "../../components/Problem";
import { useDataset } from "../../data/datasets";
import { DatasetActions } from "./dataset/DatasetActions";
import { DatasetBody } from "./dataset/DatasetBody";
import { Headline } from "./dataset/Headline";

export function DatasetPage() {
  const { id } = useParams({ from: "/signed-in/data/$id" });
  const { data, error, refetch } = useDataset(id);
  if (!data) {
    return (
      <Page title="Dataset">
        {error ? (
          <Problem error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading what="Loading the dataset" lines={8} />
        )}
      </Page>
    );
  }
  return (
    <Page title={data.name} about={<Headline dataset={data} />} actions={<DatasetActions dataset={data} />}>
      <DatasetBody key={id} dataset={data} />
    </Page>
  );
}

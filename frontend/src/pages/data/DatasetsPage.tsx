import { Page } from "../../components/Page";

export function DatasetsPage() {
  return <Page title="Datasets">{null}</Page>;
}

import { Page } from "../../components/Page";

export function DatasetPage() {
  return <Page title="Dataset">{null}</Page>;
}

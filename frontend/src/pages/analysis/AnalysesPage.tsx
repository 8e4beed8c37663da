import { Page } from "../../components/Page";

export function AnalysesPage() {
  return <Page title="Analyses">{null}</Page>;
}

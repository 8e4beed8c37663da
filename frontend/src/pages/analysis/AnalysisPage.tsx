import { Page } from "../../components/Page";

export function AnalysisPage() {
  return <Page title="Analysis">{null}</Page>;
}

import { Page } from "../../components/Page";

export function AskPage() {
  return <Page title="Ask">{null}</Page>;
}

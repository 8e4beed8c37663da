import { Page } from "../../components/Page";

export function SharedPage() {
  return <Page title="Shared">{null}</Page>;
}

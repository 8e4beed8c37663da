import { Page } from "../../components/Page";

export function WorkspacesPage() {
  return <Page title="Workspaces">{null}</Page>;
}

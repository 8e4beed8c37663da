import { List, Text } from "@mantine/core";

import { mayWrite, useWorkspace } from "../../app/workspace";
import { Empty } from "../../components/Empty";
import { LinkAnchor } from "../../components/links";
import { Section } from "../../components/Section";
import { Demos } from "./Demos";

/** What to do first, where nothing was asked yet. */
export function FirstSteps({ hasData }: { readonly hasData: boolean }) {
  const { workspace } = useWorkspace();
  if (!mayWrite(workspace)) {
    return (
      <Empty title="Nothing has been asked here yet">
        You are a viewer of “{workspace.name}”: analyses are shown here once somebody has asked.
      </Empty>
    );
  }
  return (
    <>
      <Section
        title="See an answer first"
        about="One click uploads a small table, asks a question of it and leads to the answer."
      >
        <Demos />
      </Section>
      <Section title="Ask of your own data">
        <List type="ordered" size="sm" spacing={4}>
          <List.Item>
            {hasData ? (
              <Text span size="sm">
                Your data are here already: look at them under{" "}
              </Text>
            ) : (
              "Upload a table under "
            )}
            <LinkAnchor inherit underline="always" to="/data">
              Data
            </LinkAnchor>
            {hasData ? "." : ": one row for each person, shop or month, one column for each thing you know of it."}
          </List.Item>
          <List.Item>
            Begin a{" "}
            <LinkAnchor inherit underline="always" to="/ask">
              new analysis
            </LinkAnchor>
            : say what may have moved what, and what to hold fixed.
          </List.Item>
          <List.Item>Read the answer with its interval, and what speaks against it.</List.Item>
        </List>
      </Section>
    </>
  );
}

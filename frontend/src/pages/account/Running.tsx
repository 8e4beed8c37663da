import { Anchor, Code } from "@mantine/core";

import { usePlatform } from "../../app/platform";
import { Facts } from "../../components/Facts";
import { Section } from "../../components/Section";

/** What is running, for a message to whoever runs it. */
export function Running() {
  const { config } = usePlatform();
  return (
    <Section title="What is running" about="Say this when you report a problem.">
      <Facts
        facts={[
          ["Version", <Code key="version">{config.version}</Code>],
          ["Revision", <Code key="revision">{config.revision}</Code>],
          ["Sign-in", config.auth_mode === "supabase" ? "by a Supabase project" : "by this platform"],
          [
            "For programs",
            <Anchor href="/docs" key="docs" size="sm">
              The API
            </Anchor>,
          ],
        ]}
      />
    </Section>
  );
}

import { Stack, Text } from "@mantine/core";

import { CommitLine } from "./CommitLine";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Section } from "../../components/Section";
import { Time } from "../../components/Time";
import type { CommitInfo } from "../../deployments/types";
import { commitWords } from "../../deployments/words";

/** As many as the deployer tells. */
const MOST = 50;

/** The commits that a deployment brings, newest first. */
export function Commits({ commits }: { readonly commits: readonly CommitInfo[] }) {
  return (
    <Section title={commits.length === 1 ? "The commit" : "Commits"}>
      {commits.length === 0 ? (
        <Text size="sm" c="dimmed">
          None: it brings nothing that was not live before.
        </Text>
      ) : (
        <ScrollRegion label="Commits" maxHeight={320}>
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
            {commits.map((commit) => (
              <li key={commit.id}>
                <Text size="sm" fw={500}>
                  {commitWords(commit)}
                </Text>
                <CommitLine commit={commit} />
                <Text size="xs" c="dimmed" component="div">
                  <Time at={commit.at} />
                </Text>
              </li>
            ))}
          </Stack>
        </ScrollRegion>
      )}
      {commits.length >= MOST && (
        <Text size="xs" c="dimmed">
          The newest {MOST}; the link above shows the rest.
        </Text>
      )}
    </Section>
  );
}

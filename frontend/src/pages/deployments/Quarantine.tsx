import { Stack, Text } from "@mantine/core";

import { CommitLine } from "./CommitLine";
import { Backticks } from "../../components/Backticks";
import { LinkAnchor } from "../../components/links";
import { Section } from "../../components/Section";
import type { Quarantined } from "../../deployments/types";
import { commitWords } from "../../deployments/words";

/** Commits that were taken back. */
export function Quarantine({ commits }: { readonly commits: readonly Quarantined[] }) {
  return (
    <Section
      title="Quarantine"
      about="Commits that were taken back. They are not deployed again by themselves; you can deploy one by its id."
    >
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
        {commits.map(({ commit, deployment, reason }) => (
          <li key={`${deployment}-${commit.id}`}>
            <Text size="sm" fw={600}>
              {commitWords(commit)}
            </Text>
            <CommitLine commit={commit} />
            <Text size="sm">
              <LinkAnchor to="/deployments/$id" params={{ id: String(deployment) }} inherit underline="always">
                #{deployment}
              </LinkAnchor>
              : <Backticks text={reason} />
            </Text>
          </li>
        ))}
      </Stack>
    </Section>
  );
}

import { Code, Text } from "@mantine/core";

import type { CommitInfo } from "../../deployments/types";
import { short } from "../../deployments/words";

/** Which commit, and who wrote it. */
export function CommitLine({ commit }: { readonly commit: CommitInfo }) {
  return (
    <Text size="xs" c="dimmed" component="div">
      <Code fz={11} title={commit.id}>
        {short(commit.id)}
      </Code>{" "}
      by {commit.author}
    </Text>
  );
}

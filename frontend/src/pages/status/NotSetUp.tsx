import { Stack, Text } from "@mantine/core";

import { Backticks } from "../../components/Backticks";
import type { Part } from "../../status/types";

/** What does not exist here: told as such, never as a number and never as a failure. */
export function NotSetUp({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} component="h3" m={0}>
        Not set up here
      </Text>
      <Stack component="ul" gap={4} m={0} p={0} style={{ listStyle: "none" }}>
        {parts.map(({ id, title, words }) => (
          <Text key={id} component="li" size="sm" style={{ overflowWrap: "anywhere" }}>
            {title}
            <Text span inherit c="dimmed">
              {": not configured"}
              {words && (
                <>
                  {". "}
                  <Backticks text={words} />
                </>
              )}
            </Text>
          </Text>
        ))}
      </Stack>
    </Stack>
  );
}

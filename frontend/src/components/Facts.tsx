import { Box, SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  /** Name and value; the value is a line or two. */
  readonly facts: readonly (readonly [string, ReactNode])[];
}

/** Names with their values. */
export function Facts({ facts }: Props) {
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="sm" m={0}>
      {facts.map(([name, value]) => (
        <Box key={name} miw={0}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0} style={{ overflowWrap: "anywhere" }}>
            {value}
          </Text>
        </Box>
      ))}
    </SimpleGrid>
  );
}

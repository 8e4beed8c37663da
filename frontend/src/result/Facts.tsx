import { Box, SimpleGrid, Text } from "@mantine/core";

import type { Fact } from "./answer";
import classes from "./result.module.css";

interface Props {
  readonly facts: readonly Fact[];
  readonly dense?: boolean;
}

/** Names and values side by side, with what each means. */
export function Facts({ facts, dense = false }: Props) {
  return (
    <SimpleGrid
      component="dl"
      m={0}
      cols={{ base: 1, xs: 2, md: dense ? 3 : 4 }}
      spacing="md"
      verticalSpacing={dense ? "xs" : "sm"}
    >
      {facts.map(({ name, value, meaning }) => (
        <Box key={name} miw={0}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} size="sm" fw={dense ? 400 : 600} className={classes["value"] ?? ""}>
            {value}
            {meaning !== undefined && (
              <Text component="span" display="block" size="xs" c="dimmed" fw={400}>
                {meaning}
              </Text>
            )}
          </Text>
        </Box>
      ))}
    </SimpleGrid>
  );
}

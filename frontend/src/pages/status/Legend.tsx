import { Group, Text } from "@mantine/core";

import classes from "./status.module.css";
import { BAR_HEIGHTS, STRIP_HEIGHT } from "./barHeights";
import type { DayLevel } from "../../status/bars";

const WORDS: readonly (readonly [DayLevel, string])[] = [
  ["pass", "well"],
  ["warn", "needed a look"],
  ["fail", "down for a while"],
  ["none", "not observed"],
];

/** What the bars mean. */
export function Legend() {
  return (
    <Group component="ul" gap="4px 14px" m={0} p={0} aria-label="What the bars mean" style={{ listStyle: "none" }}>
      {WORDS.map(([level, words]) => (
        <Group key={level} component="li" gap={5} wrap="nowrap" align="flex-end">
          <svg
            width={5}
            height={18}
            viewBox={`0 0 5 ${STRIP_HEIGHT}`}
            preserveAspectRatio="none"
            className={classes["key"]}
            aria-hidden
          >
            <rect
              width={5}
              height={BAR_HEIGHTS[level]}
              y={STRIP_HEIGHT - BAR_HEIGHTS[level]}
              className={classes[`bar-${level}`]}
            />
          </svg>
          <Text size="xs" c="dimmed" component="span">
            {words}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

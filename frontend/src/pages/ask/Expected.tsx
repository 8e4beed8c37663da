import { Alert, List, Text } from "@mantine/core";

import type { Field } from "../../ask/schema/fields";
import { withTitles } from "../../ask/schema/words";
import type { Expectation } from "../../ask/useExpectation";
import { formatBytes, formatSeconds } from "../../format";

interface Props {
  readonly expectation: Expectation;
  readonly fields: readonly Field[];
}

/** What an analysis would take, and what to do where that is too much. */
export function Expected({ expectation, fields }: Props) {
  const { seconds, memory_bytes, fits, advice, memory_limit_bytes, seconds_limit } = expectation;
  if (!fits) {
    return (
      <Alert color="orange" title="This is more than an analysis may take" role="status">
        <List size="sm">
          {advice.map((one) => (
            <List.Item key={one}>{withTitles(one, fields)}</List.Item>
          ))}
        </List>
      </Alert>
    );
  }
  const time = typeof seconds === "number" ? `about ${formatSeconds(seconds)}` : "a time that cannot be told";
  const memory = typeof memory_bytes === "number" ? ` and ${formatBytes(memory_bytes)} of memory` : "";
  return (
    <Text size="sm">
      Takes {time === "about under 1 s" ? "under 1 s" : time}
      {memory}.{" "}
      <Text span size="xs" c="dimmed">
        At most {formatSeconds(seconds_limit)} and {formatBytes(memory_limit_bytes)}. On an idle machine; right within a
        factor of about two.
      </Text>
    </Text>
  );
}

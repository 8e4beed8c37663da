import { Alert, List, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import type { components } from "../../api/schema";
import { useApi } from "../../app/platform";
import { formatBytes, formatSeconds } from "../../format";

const TYPING_MS = 400;

interface Props {
  readonly request: components["schemas"]["SubmitAnalysis"];
  readonly enabled: boolean;
}

/** What the analysis is expected to take, and what to do where that is too much. */
export function Expectation({ request, enabled }: Props) {
  const api = useApi();
  const [settled] = useDebouncedValue(request, TYPING_MS);
  const expectation = useQuery({
    queryKey: keys.expectation(settled),
    queryFn: () => body(api.POST("/api/v1/analyses/expectation", { body: settled })),
    enabled,
    // What is wrong with the question is told when it is asked; here it only means that nothing can be expected yet.
    retry: false,
    placeholderData: keepPreviousData,
  });
  if (!enabled || !expectation.data || expectation.isError) {
    return null;
  }
  const { fits, advice, seconds, memory_bytes } = expectation.data;
  if (!fits) {
    return (
      <Alert color="orange" role="status" title="This would be too large">
        <List size="sm">
          {advice.map((one) => (
            <List.Item key={one}>{one}</List.Item>
          ))}
        </List>
      </Alert>
    );
  }
  const time =
    typeof seconds === "number"
      ? seconds < 1
        ? "under a second"
        : `about ${formatSeconds(seconds)}`
      : "a time that cannot be told";
  const memory = typeof memory_bytes === "number" ? ` and ${formatBytes(memory_bytes)} of memory` : "";
  return (
    <Text size="sm" role="status">
      Expected to take {time}
      {memory}.
    </Text>
  );
}

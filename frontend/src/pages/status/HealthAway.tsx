import { Alert, Button, Code, Stack, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";

import { ApiProblem } from "../../api/problem";
import { Time } from "../../components/Time";

interface Props {
  readonly error: unknown;
  /** When what is shown was heard; nothing where nothing is shown. */
  readonly seenAt: number | undefined;
  readonly onRetry: () => void;
}

/** The one that watches does not answer: that says nothing of what it watches. */
export function HealthAway({ error, seenAt, onRetry }: Props) {
  return (
    <Alert
      color="orange"
      icon={<IconPlugConnectedX aria-hidden />}
      role="status"
      title="The health service does not answer"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          The platform itself may run well: what watches it cannot be asked now. This page asks again by itself.
          {seenAt !== undefined && (
            <>
              {" "}
              What you see is from <Time at={new Date(seenAt).toISOString()} />.
            </>
          )}
        </Text>
        {error instanceof Error && (
          <Text size="xs">
            {error.message}
            {error instanceof ApiProblem && error.requestId !== undefined && (
              <>
                {" "}
                Request <Code>{error.requestId}</Code>
              </>
            )}
          </Text>
        )}
        <Button size="xs" variant="default" onClick={onRetry}>
          Ask again now
        </Button>
      </Stack>
    </Alert>
  );
}

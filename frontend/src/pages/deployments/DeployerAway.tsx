import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";

import { Time } from "../../components/Time";

interface Props {
  /** When what is shown was heard; nothing where nothing is shown. */
  readonly seenAt: number | undefined;
  readonly onRetry: () => void;
}

/** The platform answers, its deployer does not. */
export function DeployerAway({ seenAt, onRetry }: Props) {
  return (
    <Alert color="orange" icon={<IconPlugConnectedX aria-hidden />} role="status" title="The deployer does not answer">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          The platform itself runs on: only releases wait. The deployer may be replacing itself, which takes some
          seconds; it goes on where it was. This page asks again by itself.
          {seenAt !== undefined && (
            <>
              {" "}
              What you see is from <Time at={new Date(seenAt).toISOString()} />.
            </>
          )}
        </Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          Ask again now
        </Button>
      </Stack>
    </Alert>
  );
}

import { Alert, Button, CopyButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

import { Time } from "./Time";

interface Props {
  readonly url: string;
  readonly expiresAt: string;
  /** Whom it lets do what. */
  readonly words: string;
}

/** A link with a secret in it, just made: to be copied now, for it cannot be shown again. */
export function SecretLink({ url, expiresAt, words }: Props) {
  return (
    <Alert color="blue" variant="light" role="status" title="Copy this link now: it is shown this once">
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <TextInput
            aria-label="The link"
            value={url}
            readOnly
            flex={1}
            miw={0}
            onFocus={(event) => {
              event.currentTarget.select();
            }}
          />
          <CopyButton value={url} timeout={3000}>
            {({ copied, copy }) => (
              <Button
                data-autofocus
                onClick={copy}
                leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
              >
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
        </Group>
        <Text size="sm">
          {words} It works until <Time at={expiresAt} />.
        </Text>
      </Stack>
    </Alert>
  );
}

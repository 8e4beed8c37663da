import { Button, Group, Modal, Stack } from "@mantine/core";

import type { components } from "../../api/schema";
import { SecretLink } from "../../components/SecretLink";

interface Props {
  readonly made: components["schemas"]["LinkAnswer"] | undefined;
  readonly email: string;
  readonly onClose: () => void;
}

/** The one-time link that was made for somebody. Closes by its button alone: a stray click must not lose it. */
export function LinkModal({ made, email, onClose }: Props) {
  return (
    <Modal
      opened={made !== undefined}
      onClose={onClose}
      title={`A link for ${email}`}
      size="lg"
      closeOnClickOutside={false}
    >
      {made && (
        <Stack gap="md">
          <SecretLink
            url={made.url}
            expiresAt={made.expires_at}
            words={
              made.kind === "invite"
                ? "Send it to them: whoever opens it chooses the password of this new account."
                : "Send it to them: whoever opens it sets a new password for this account."
            }
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              I have copied it
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

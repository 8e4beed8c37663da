import { Modal, Stack, Text } from "@mantine/core";

import type { Dataset } from "../../../data/datasets";
import { UploadArea } from "../upload/UploadArea";

interface Props {
  readonly dataset: Dataset;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** A newer file of the same table becomes its next version. */
export function UploadVersion({ dataset: { name, workspace_id }, opened, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`A newer file of “${name}”`}
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          It becomes the next version. Earlier versions and their analyses stay as they are; an analysis can then be run
          again on the new one.
        </Text>
        <UploadArea versionOf={name} workspaceId={workspace_id} onOpen={onClose} />
      </Stack>
    </Modal>
  );
}

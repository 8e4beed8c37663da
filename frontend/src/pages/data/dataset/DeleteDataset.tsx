import { ActionIcon, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";

import type { Dataset } from "../../../data/datasets";
import { DeleteDialog } from "./DeleteDialog";

/** Deletes a version, after naming what goes with it. */
export function DeleteDataset({ dataset }: { readonly dataset: Dataset }) {
  const [isOpen, dialog] = useDisclosure(false);
  const label = `Delete version ${dataset.version} of ${dataset.name}`;
  return (
    <>
      <Tooltip label={label}>
        <ActionIcon variant="default" size={36} aria-label={label} onClick={dialog.open}>
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {isOpen && <DeleteDialog dataset={dataset} onClose={dialog.close} />}
    </>
  );
}

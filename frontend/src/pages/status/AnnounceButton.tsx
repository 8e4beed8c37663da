import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTool } from "@tabler/icons-react";

import { AnnounceForm } from "./AnnounceForm";
import type { Part } from "../../status/types";

/** Opens the form that announces maintenance. */
export function AnnounceButton({ parts }: { readonly parts: readonly Part[] }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconTool size={16} aria-hidden />} onClick={open}>
        Announce maintenance
      </Button>
      <Modal opened={opened} onClose={close} title="Announce maintenance">
        <AnnounceForm parts={parts} onClose={close} />
      </Modal>
    </>
  );
}

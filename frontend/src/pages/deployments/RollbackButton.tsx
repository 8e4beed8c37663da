import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp } from "@tabler/icons-react";

import { RollbackDialog } from "./RollbackDialog";
import type { Deployment } from "../../deployments/types";

/** Puts a release that was live before back. */
export function RollbackButton({ target }: { readonly target: Deployment }) {
  const [opened, { open, close }] = useDisclosure(false);
  // Where it is refused the dialog says why, and what can be forced.
  if (!target.can_roll_back_to && (typeof target.rollback_refusal !== "string" || target.state !== "replaced")) {
    return null;
  }
  return (
    <>
      <Button
        size="xs"
        color="red"
        variant="outline"
        leftSection={<IconArrowBackUp size={16} aria-hidden />}
        onClick={open}
      >
        Roll back to this
      </Button>
      <RollbackDialog target={target} opened={opened} onClose={close} />
    </>
  );
}

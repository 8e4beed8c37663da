import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp } from "@tabler/icons-react";

import { RollbackDialog } from "./RollbackDialog";
import { Backticks } from "../../components/Backticks";
import { useOverview } from "../../deployments/queries";
import type { Deployment } from "../../deployments/types";

/** Puts a release that was live before back; where that cannot be, says why. */
export function RollbackButton({ target }: { readonly target: Deployment }) {
  const [opened, { open, close }] = useDisclosure(false);
  const kept = useOverview().data?.kept ?? [];
  const { id, state, can_roll_back_to: isOffered, rollback_refusal: refusal } = target;
  // One that is kept is refused for the database's sake alone, and that can be forced: the dialog says so.
  if (isOffered || (kept.includes(id) && typeof refusal === "string")) {
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
  return state === "replaced" && typeof refusal === "string" ? (
    <Text size="sm" c="dimmed" component="div" maw={340}>
      No way back to it: <Backticks text={refusal} />.
    </Text>
  ) : null;
}

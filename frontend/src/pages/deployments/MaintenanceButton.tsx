import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { OrderDialog } from "./OrderDialog";

/** Puts the maintenance page up, or takes it away. */
export function MaintenanceButton({ isUp }: { readonly isUp: boolean }) {
  const [opened, { open, close }] = useDisclosure(false);
  const verb = isUp ? "Take the maintenance page away" : "Put the maintenance page up";
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {isUp ? verb : "Maintenance page"}
      </Button>
      <OrderDialog
        opened={opened}
        onClose={close}
        title={`${verb}?`}
        verb={verb}
        danger={!isUp}
        give={(deployer) => deployer.pause(!isUp)}
        done={isUp ? "The platform is open again." : "The maintenance page is up."}
      >
        {isUp
          ? "People reach the platform again at once."
          : "Everybody reads that the platform is back soon, and nobody can work, until you take it away. Analyses that run go on. Releases need no maintenance page: they lose no request."}
      </OrderDialog>
    </>
  );
}

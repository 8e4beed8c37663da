import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { OrderDialog } from "./OrderDialog";

/** Lifts a pin, and lets the deployer look again. */
export function ResumeButton({ verb }: { readonly verb: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {verb}
      </Button>
      <OrderDialog
        opened={opened}
        onClose={close}
        title={`${verb}?`}
        verb={verb}
        give={(deployer) => deployer.resume()}
        done="Deployments go on; the deployer looks at the branch again."
      >
        The deployer looks at the branch again. A commit that was not tried yet may be deployed at once; one that was
        taken back is not.
      </OrderDialog>
    </>
  );
}

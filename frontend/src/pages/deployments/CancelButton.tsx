import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { OrderDialog } from "./OrderDialog";
import type { Summary } from "../../deployments/types";

/** Stops what waits or is under way. */
export function CancelButton({ summary }: { readonly summary: Summary }) {
  const [opened, { open, close }] = useDisclosure(false);
  const { id, state } = summary;
  if (state !== "pending" && state !== "running") {
    return null;
  }
  return (
    <>
      <Button size="xs" variant="default" onClick={open} aria-label={`Cancel #${id}`}>
        Cancel it
      </Button>
      <OrderDialog
        opened={opened}
        onClose={close}
        title={`Cancel #${id}?`}
        verb={`Cancel #${id}`}
        danger
        give={(deployer) => deployer.cancel(id)}
        done={`#${id} is being cancelled.`}
      >
        {state === "pending"
          ? "It has not begun: what is live stays live."
          : "Before it switches it just ends, and what is live stays live. Once new requests go to the new release it is taken back, which takes some seconds; no request is lost."}
      </OrderDialog>
    </>
  );
}

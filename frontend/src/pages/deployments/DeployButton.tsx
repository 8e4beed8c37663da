import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconRocket } from "@tabler/icons-react";

import { PlanDialog } from "./PlanDialog";

/** Opens the plan of a deploy. */
export function DeployButton({ branch }: { readonly branch: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" leftSection={<IconRocket size={16} aria-hidden />} onClick={open}>
        Deploy
      </Button>
      <PlanDialog branch={branch} opened={opened} onClose={close} />
    </>
  );
}

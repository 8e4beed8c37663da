import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconShare } from "@tabler/icons-react";

import { ShareDialog } from "./ShareDialog";

interface Props {
  readonly analysisId: string;
  /** Analysts and owners of its workspace may make and revoke links; viewers see them. */
  readonly mayShare: boolean;
}

/** Opens the links to one analysis. */
export function ShareButton({ analysisId, mayShare }: Props) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconShare size={16} aria-hidden />} onClick={open}>
        Share
      </Button>
      <ShareDialog analysisId={analysisId} mayShare={mayShare} opened={opened} onClose={close} />
    </>
  );
}

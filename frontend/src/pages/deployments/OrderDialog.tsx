import { Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

import { OrderFooter } from "./OrderFooter";
import { notifyDone } from "../../components/notify";
import { useOrder } from "../../deployments/orders";
import type { useDeployer } from "../../deployments/queries";

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What happens then. */
  readonly children: ReactNode;
  readonly verb: string;
  readonly danger?: boolean;
  readonly give: (deployer: ReturnType<typeof useDeployer>) => Promise<unknown>;
  /** What is said when it was done. */
  readonly done: string;
}

/** Asks before an order that needs no more than a yes. */
export function OrderDialog({ opened, onClose, title, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <Content onClose={onClose} {...rest} />
    </Modal>
  );
}

/** Apart, so that each opening begins anew. */
function Content({ children, verb, danger = false, give, done, onClose }: Omit<Props, "opened" | "title">) {
  const order = useOrder<undefined, unknown>(give, () => {
    notifyDone(done);
    onClose();
  });
  return (
    <Stack gap="md">
      <Text size="sm" component="div">
        {children}
      </Text>
      <OrderFooter
        order={order}
        verb={verb}
        danger={danger}
        onOrder={() => {
          order.mutate(undefined);
        }}
        onCancel={onClose}
      />
    </Stack>
  );
}

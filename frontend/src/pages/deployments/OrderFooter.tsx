import { Button, Group, Stack } from "@mantine/core";
import type { ReactNode } from "react";

import { FreshSignIn } from "./FreshSignIn";
import { Problem } from "../../components/Problem";
import { needsFreshSignIn } from "../../deployments/orders";

interface Props {
  /** What came of the order so far. */
  readonly order: { readonly error: unknown; readonly isPending: boolean };
  /** What the button says. */
  readonly verb: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Shown instead of what the refusal says by itself. */
  readonly refusal?: ReactNode;
  /** Gives the order, or gives it again. */
  readonly onOrder: () => void;
  readonly onCancel: () => void;
}

/** The end of every dialog that gives an order: what was refused, a sign-in where one is wanted, the buttons. */
export function OrderFooter({ order, verb, danger = false, disabled = false, refusal, onOrder, onCancel }: Props) {
  if (needsFreshSignIn(order.error) && !order.isPending) {
    return <FreshSignIn verb={verb} onSignedIn={onOrder} onCancel={onCancel} />;
  }
  return (
    <Stack gap="md">
      {order.error !== null && !order.isPending && (refusal ?? <Problem error={order.error} title="It was refused" />)}
      <Group justify="flex-end" gap="sm">
        {/* The first to be focused: a key held too long does nothing. */}
        <Button variant="default" onClick={onCancel} data-autofocus>
          Do nothing
        </Button>
        <Button {...(danger ? { color: "red" } : {})} loading={order.isPending} disabled={disabled} onClick={onOrder}>
          {verb}
        </Button>
      </Group>
    </Stack>
  );
}

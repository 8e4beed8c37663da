import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import type { ReactNode } from "react";

interface Question {
  readonly title: string;
  /** What happens then, and whether it can be taken back. */
  readonly words: ReactNode;
  /** What the button says, as in "Remove". */
  readonly verb: string;
  /** Whether something is lost by it. */
  readonly danger?: boolean;
}

/** Asks before something is done; true when it is to be done. */
export function confirm({ title, words, verb, danger = false }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title,
      children: (
        <Text size="sm" component="div">
          {words}
        </Text>
      ),
      labels: { confirm: verb, cancel: "Cancel" },
      confirmProps: danger ? { color: "red" } : {},
      onConfirm: () => {
        resolve(true);
      },
      onClose: () => {
        resolve(false);
      },
    });
  });
}

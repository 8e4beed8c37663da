import { Button, Menu, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconArrowsDiff, IconCopy, IconDots, IconRefresh, IconTrash } from "@tabler/icons-react";

import type { Analysis } from "../../analysis/question";
import { LinkMenuItem } from "../../components/LinkMenuItem";
import { LinkButton } from "../../components/links";
import type { DatasetSummary } from "../../data/datasets";
import { isEnded } from "../../live/world";
import type { useActions } from "./useActions";

interface Props {
  readonly analysis: Analysis;
  /** Whether the reader may change things where it is. */
  readonly writes: boolean;
  readonly newer: DatasetSummary | undefined;
  readonly actions: ReturnType<typeof useActions>;
}

/** Everything that can be done to an analysis but exports and sharing, which have buttons of their own. */
export function Actions({ analysis, writes, newer, actions }: Props) {
  const { id, state, cancel_requested: cancelling } = analysis;
  const ended = isEnded(state);
  return (
    <>
      {writes && !ended && (
        <Button
          size="xs"
          variant="default"
          loading={actions.cancel.isPending}
          disabled={cancelling}
          onClick={() => {
            actions.cancel.mutate();
          }}
        >
          {cancelling ? "Being cancelled" : "Cancel it"}
        </Button>
      )}
      {writes && newer && (
        <LinkButton
          size="xs"
          to="/ask"
          search={{ clone: id, dataset: newer.id }}
          leftSection={<IconRefresh size={16} aria-hidden />}
        >
          Run again on version {newer.version}
        </LinkButton>
      )}
      {writes && (
        <LinkButton
          size="xs"
          variant="default"
          to="/ask"
          search={{ clone: id }}
          leftSection={<IconCopy size={16} aria-hidden />}
        >
          Clone
        </LinkButton>
      )}
      {ended && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="xs" variant="default" px="xs" aria-label="More actions">
              <IconDots size={16} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {state === "succeeded" && (
              <LinkMenuItem to="/compare" search={{ left: id }} leftSection={<IconArrowsDiff size={16} aria-hidden />}>
                Compare with another
              </LinkMenuItem>
            )}
            {writes && (
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => {
                  askToDelete(() => {
                    actions.remove.mutate();
                  });
                }}
              >
                Delete
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

function askToDelete(remove: () => void): void {
  modals.openConfirmModal({
    title: "Delete this analysis?",
    children: <Text size="sm">The question and its result are gone for good; the data stay.</Text>,
    labels: { confirm: "Delete", cancel: "Keep" },
    confirmProps: { color: "red" },
    onConfirm: remove,
  });
}

import { Button } from "@mantine/core";

import { confirm } from "../../components/confirm";
import { notifyDone, notifyProblem } from "../../components/notify";
import { useStatusOrder } from "../../status/queries";
import type { MaintenanceWindow } from "../../status/types";

interface Props {
  readonly window: MaintenanceWindow;
  readonly isRunning: boolean;
}

/** Ends what runs, calls off what is to come. */
export function EndWindowButton({ window: { id, reason }, isRunning }: Props) {
  const end = useStatusOrder<undefined, unknown>(
    (calls) => calls.endWindow(id),
    () => {
      notifyDone(isRunning ? "The maintenance has ended." : "The maintenance is called off.");
    },
  );
  const verb = isRunning ? "End it now" : "Call it off";
  const ask = async () => {
    const words = "What is still down then is told at once, as any other incident.";
    if (await confirm({ title: `${verb}: ${reason}`, words, verb })) {
      end.mutate(undefined, {
        onError: (error) => {
          notifyProblem("The maintenance goes on", error);
        },
      });
    }
  };
  return (
    <Button
      size="xs"
      variant="default"
      loading={end.isPending}
      onClick={() => void ask()}
      aria-label={`${verb}: ${reason}`}
    >
      {verb}
    </Button>
  );
}

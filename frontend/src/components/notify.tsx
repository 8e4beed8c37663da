import { notifications } from "@mantine/notifications";

import { ApiProblem } from "../api/problem";

/** Says that something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: "teal", role: "status", closeButtonProps: { "aria-label": "Close" } });
}

/** Says that something was not done, and why; stays until it is closed. */
export function notifyProblem(title: string, error: unknown): void {
  notifications.show({
    title,
    message: words(error),
    color: "red",
    autoClose: false,
    role: "alert",
    closeButtonProps: { "aria-label": "Close" },
  });
}

function words(error: unknown): string {
  const told = error instanceof Error ? error.message : "An unknown error; reload the page.";
  return error instanceof ApiProblem && error.requestId !== undefined ? `${told} (request ${error.requestId})` : told;
}

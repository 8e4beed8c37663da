import type { components } from "../api/schema";

/** Where the logging of an analysis to MLflow stands. */
export type MlflowRun = components["schemas"]["MlflowRun"];

/** Whether it is worth asking again soon. */
export function isOnItsWay(run: MlflowRun | null | undefined): boolean {
  return run?.state === "pending";
}

/** What that means, in a sentence; `undefined` where there is nothing to say. */
export function mlflowWords(run: MlflowRun): string | undefined {
  switch (run.state) {
    case "pending":
      return run.detail
        ? `Not in MLflow yet: it could not be logged and is tried again. ${sentence(run.detail)}`
        : "Not in MLflow yet: it is logged in the background, within seconds while MLflow answers.";
    case "logged":
      return "Logged to MLflow, with its parameters, numbers and files.";
    case "failed":
      return `Not in MLflow, and not tried again. ${sentence(run.detail ?? "No reason is known")}`;
    case "off":
      return undefined;
  }
}

function sentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}

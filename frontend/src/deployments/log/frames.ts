import type { EventSourceMessage } from "eventsource-parser";

import { BadFrame } from "../../live/frames";
import type { Ending } from "../../live/schedule";
import type { LogLine, StepView, Summary } from "../types";

/** One message of a deployment's event stream. */
export type LogFrame =
  | { readonly kind: "line"; readonly line: LogLine }
  | { readonly kind: "step"; readonly step: StepView }
  | { readonly kind: "state"; readonly summary: Summary }
  | { readonly kind: "end"; readonly reason: string }
  /** The deployer is being replaced; the next one goes on. */
  | { readonly kind: "reconnect" };

/** Reads a message; `undefined` for kinds that a newer deployer may tell and this app does not know. */
export function readLogFrame({ event, data }: EventSourceMessage): LogFrame | undefined {
  switch (event) {
    case "line": {
      const line = json(data);
      if (typeof line["seq"] !== "number" || typeof line["line"] !== "string" || typeof line["at"] !== "string") {
        throw new BadFrame("a line of the log without what it should say");
      }
      return { kind: "line", line: line as unknown as LogLine };
    }
    case "step": {
      const step = json(data);
      if (typeof step["step"] !== "string" || typeof step["state"] !== "string") {
        throw new BadFrame("a step without its name or its state");
      }
      return { kind: "step", step: step as unknown as StepView };
    }
    case "state": {
      const summary = json(data);
      if (typeof summary["id"] !== "number" || typeof summary["state"] !== "string") {
        throw new BadFrame("a state without its deployment");
      }
      return { kind: "state", summary: summary as unknown as Summary };
    }
    case "reconnect":
      return { kind: "reconnect" };
    case "end": {
      const reason = data === "" ? undefined : json(data)["reason"];
      return { kind: "end", reason: typeof reason === "string" ? reason : "" };
    }
    default:
      return undefined;
  }
}

/** What a frame says of the connection itself. */
export function logEndingOf(frame: LogFrame): Ending | undefined {
  if (frame.kind === "reconnect") {
    return { kind: "replaced" };
  }
  if (frame.kind !== "end") {
    return undefined;
  }
  return frame.reason === "token_expired" || frame.reason === "session_ended"
    ? { kind: frame.reason }
    : { kind: "complete" };
}

function json(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    throw new BadFrame("a message that is no JSON", { cause: error });
  }
}

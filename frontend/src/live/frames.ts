import type { EventSourceMessage } from "eventsource-parser";

import type { components } from "../api/schema";
import type { Ending } from "./schedule";

type Schemas = components["schemas"];
export type Analysis = Schemas["Analysis"];
export type Envelope = Schemas["Envelope"];

/** One message of `GET /api/v1/events`. */
export type Frame =
  | { readonly kind: "event"; readonly id: string; readonly envelope: Envelope }
  | { readonly kind: "snapshot"; readonly complete: boolean; readonly analyses: readonly Analysis[] }
  /** Events may be missing before this; a complete snapshot follows. */
  | { readonly kind: "gap" }
  /** The stream is over; `reason` as the API says it. */
  | { readonly kind: "end"; readonly reason: string }
  /** The gateway is being replaced; another one goes on. */
  | { readonly kind: "reconnect" };

/** A message that does not have the shape the API describes: nothing after it can be trusted. */
export class BadFrame extends Error {
  override readonly name = "BadFrame";
}

/** Reads a message; `undefined` for kinds that a newer platform may tell and this app does not know. */
export function readFrame({ event, id, data }: EventSourceMessage): Frame | undefined {
  switch (event) {
    case "state":
    case "progress": {
      const envelope = json(data);
      if (!isEnvelope(envelope) || envelope.event !== event) {
        throw new BadFrame(`a ${event} event without what it should say`);
      }
      return { kind: "event", id: id ?? "", envelope };
    }
    case "snapshot": {
      const snapshot = json(data);
      if (!isSnapshot(snapshot)) {
        throw new BadFrame("a snapshot without analyses");
      }
      return { kind: "snapshot", complete: snapshot.complete, analyses: snapshot.analyses };
    }
    case "gap":
      return { kind: "gap" };
    case "reconnect":
      return { kind: "reconnect" };
    case "end": {
      const end = json(data);
      return { kind: "end", reason: isRecord(end) && typeof end["reason"] === "string" ? end["reason"] : "" };
    }
    default:
      return undefined;
  }
}

/** What a frame says of the connection itself. */
export function endingOf(frame: Frame): Ending | undefined {
  if (frame.kind === "reconnect") {
    return { kind: "replaced" };
  }
  if (frame.kind !== "end") {
    return undefined;
  }
  switch (frame.reason) {
    case "token_expired":
    case "session_ended":
      return { kind: frame.reason };
    default:
      return { kind: "broken" };
  }
}

function json(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch (error) {
    throw new BadFrame("a message that is no JSON", { cause: error });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isEnvelope(value: unknown): value is Envelope {
  return (
    isRecord(value) &&
    typeof value["job"] === "string" &&
    typeof value["attempt"] === "number" &&
    typeof value["seq"] === "number" &&
    (value["event"] === "state" ? typeof value["state"] === "string" : typeof value["fraction"] === "number")
  );
}

function isSnapshot(value: unknown): value is Schemas["EventsSnapshot"] {
  return (
    isRecord(value) &&
    typeof value["complete"] === "boolean" &&
    Array.isArray(value["analyses"]) &&
    value["analyses"].every((analysis) => isRecord(analysis) && typeof analysis["id"] === "string")
  );
}

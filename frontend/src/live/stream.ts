import { type EventSourceMessage, createParser } from "eventsource-parser";

import { toProblem } from "../api/problem";
import { BadFrame } from "./frames";

/** Longest frame that is read: a snapshot of thousands of analyses. */
const MAX_BUFFER = 64 * 1024 * 1024;

export interface Reader<F> {
  /** What a message says; `undefined` for kinds that a newer platform may tell and this app does not know. */
  readonly read: (message: EventSourceMessage) => F | undefined;
  readonly frame: (frame: F) => void;
  /** How long the platform wants to be left alone when the stream breaks. */
  readonly retryMs: (ms: number) => void;
  /** Something came, be it a heartbeat. */
  readonly alive: () => void;
}

/**
 * Hands on every whole frame of an answer until it ends. What was cut off in the middle of a frame is no frame.
 *
 * Throws when the answer says no, the connection breaks, or a frame cannot be read.
 */
export async function readStream<F>(response: Response, reader: Reader<F>): Promise<void> {
  if (!response.ok) {
    throw await toProblem(response);
  }
  if (!response.body) {
    throw new BadFrame("an answer without a stream");
  }
  // What a frame's reader throws comes out of `feed`.
  const parser = createParser({
    maxBufferSize: MAX_BUFFER,
    onEvent(message) {
      const frame = reader.read(message);
      if (frame) {
        reader.frame(frame);
      }
    },
    onRetry: reader.retryMs,
  });
  const chunks = response.body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await chunks.read();
      if (done) {
        return;
      }
      reader.alive();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    // Also after a frame that could not be read: nobody reads on.
    void chunks.cancel().catch(() => undefined);
  }
}

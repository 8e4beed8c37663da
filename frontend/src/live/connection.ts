import type { EventSourceMessage } from "eventsource-parser";

import { BadFrame } from "./frames";
import { type Ending, waitAfter } from "./schedule";
import { readStream } from "./stream";

/** Whether what is shown is live. */
export type LiveStatus = "connecting" | "open" | "waiting";

/** What a connection needs of the world around it. */
export interface Line<F> {
  /** Asks for the stream, going on after `lastEventId`. */
  readonly open: (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>;
  readonly lastEventId: () => string | undefined;
  /** What a message says; `undefined` for kinds that this app does not know. */
  readonly read: (message: EventSourceMessage) => F | undefined;
  /** What a frame says of the connection itself: that it ends, and how. */
  readonly endingOf: (frame: F) => Ending | undefined;
  readonly hear: (frame: F) => void;
  /** The session was ended: finds out whether it really was, and leads to the sign-in page if so. */
  readonly sessionEnded: () => Promise<void>;
  readonly status: (status: LiveStatus) => void;
}

/** The platform sends a heartbeat every 15 s unless it is told otherwise; three of them lost are a dead line. */
export const SILENCE_MS = 45_000;
/** How often the silence is measured. A tab that slept measures it when it wakes. */
const TICK_MS = 5000;
/** Until the platform has told its own. */
const RETRY_MS = 1500;

/** Thrown into a connection to end it. */
class Stop extends Error {
  constructor(readonly ending: Ending) {
    super(ending.kind);
  }
}

/** Keeps one stream open, come what may, until it is stopped or has told everything. */
export class Connection<F> {
  #retryMs = RETRY_MS;
  #heardAt = 0;
  #connected = new AbortController();
  #wake: (() => void) | undefined;

  constructor(private readonly line: Line<F>) {}

  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    const isOver = () => signal.aborted;
    while (!isOver()) {
      const begun = Date.now();
      const ending = await this.#connect(signal);
      if (isOver() || ending.kind === "complete") {
        return;
      }
      const wait = waitAfter(ending, Date.now() - begun, failures, this.#retryMs, Math.random());
      failures = wait.failures;
      this.line.status(wait.delayMs > 0 ? "waiting" : "connecting");
      if (ending.kind === "session_ended") {
        await this.line.sessionEnded();
      }
      await this.#sleep(wait.delayMs, signal);
    }
  }

  /** The tab woke up or the network is back: does not wait, and does not trust a line that has been silent. */
  nudge(trustMs: number): void {
    this.#wake?.();
    if (this.#silenceMs() > trustMs) {
      this.#connected.abort(new Stop({ kind: "woken" }));
    }
  }

  async #connect(signal: AbortSignal): Promise<Ending> {
    const connected = new AbortController();
    this.#connected = connected;
    this.#heardAt = Date.now();
    const watch = setInterval(() => {
      if (this.#silenceMs() > SILENCE_MS) {
        connected.abort(new Stop({ kind: "silent" }));
      }
    }, TICK_MS);
    try {
      const both = AbortSignal.any([signal, connected.signal]);
      const response = await this.line.open(this.line.lastEventId(), both);
      await readStream(response, {
        read: this.line.read,
        frame: (frame) => {
          this.#hear(frame, connected);
        },
        retryMs: (ms) => {
          this.#retryMs = ms;
        },
        alive: () => {
          this.#heardAt = Date.now();
          this.line.status("open");
        },
      });
      return { kind: "broken" };
    } catch (error) {
      const reason: unknown = connected.signal.reason;
      if (connected.signal.aborted && reason instanceof Stop) {
        return reason.ending;
      }
      if (error instanceof BadFrame) {
        console.warn("the event stream is not understood and is opened anew", error);
      }
      return { kind: "broken", error };
    } finally {
      clearInterval(watch);
      connected.abort();
    }
  }

  #hear(frame: F, connected: AbortController): void {
    const ending = this.line.endingOf(frame);
    if (ending) {
      connected.abort(new Stop(ending));
      // What may come after it belongs to nobody.
      throw new Stop(ending);
    }
    this.line.hear(frame);
  }

  /** Milliseconds since anything came. A clock that was set back begins anew. */
  #silenceMs(): number {
    const silence = Date.now() - this.#heardAt;
    if (silence < 0) {
      this.#heardAt = Date.now();
      return 0;
    }
    return silence;
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener("abort", this.#wake, { once: true });
    });
    this.#wake = undefined;
  }
}

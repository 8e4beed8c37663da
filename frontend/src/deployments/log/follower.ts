import type { AuthorizedFetch } from "../../api/fetch";
import type { SessionStore } from "../../auth/session";
import { Connection, type LiveStatus } from "../../live/connection";
import type { StepView, Summary } from "../types";
import { type LogFrame, logEndingOf, readLogFrame } from "./frames";
import { LogLines } from "./lines";

/** `complete`: everything has been told. */
export type FollowStatus = LiveStatus | "complete";

export interface FollowerParts {
  readonly id: number;
  readonly fetch: AuthorizedFetch;
  readonly session: Pick<SessionStore, "accessToken" | "renewed">;
  readonly onStep: (step: StepView) => void;
  readonly onState: (summary: Summary) => void;
}

/** A line that a woken tab still trusts: one heartbeat, and a little. */
const TRUSTED_MS = 20_000;

/** Follows one deployment: its log from the first line on, its steps and its state, until it has ended. */
export class Follower {
  readonly lines = new LogLines();
  readonly #connection: Connection<LogFrame>;
  readonly #listeners = new Set<() => void>();
  #stop = new AbortController();
  #status: FollowStatus = "connecting";

  constructor({ id, fetch, session, onStep, onState }: FollowerParts) {
    this.#connection = new Connection({
      open: (lastEventId, signal) =>
        fetch(new URL(`/api/v1/deployments/${id}/events`, window.location.origin).href, {
          signal,
          cache: "no-store",
          headers: {
            accept: "text/event-stream",
            ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
          },
        }),
      lastEventId: () => this.lines.last?.toString(),
      read: readLogFrame,
      endingOf: logEndingOf,
      hear: (frame) => {
        switch (frame.kind) {
          case "line":
            this.lines.append(frame.line);
            break;
          case "step":
            onStep(frame.step);
            break;
          case "state":
            onState(frame.summary);
            break;
          case "end":
          case "reconnect":
            break;
        }
      },
      async sessionEnded() {
        const token = await session.accessToken();
        if (token !== undefined) {
          await session.renewed(token);
        }
      },
      status: (status) => {
        this.#setStatus(status);
      },
    });
  }

  start(): void {
    const stop = new AbortController();
    this.#stop = stop;
    void this.#connection.run(stop.signal).then(() => {
      if (!stop.signal.aborted) {
        this.#setStatus("complete");
      }
    });
    document.addEventListener("visibilitychange", this.#woke);
    window.addEventListener("pageshow", this.#woke);
    window.addEventListener("online", this.#online);
  }

  /** What had ended is under way again, as a live release that is taken back: goes on after the last line. */
  goOn(): void {
    if (this.#status === "complete") {
      this.#setStatus("connecting");
      this.start();
    }
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.#woke);
    window.removeEventListener("pageshow", this.#woke);
    window.removeEventListener("online", this.#online);
    this.#stop.abort();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly status = (): FollowStatus => this.#status;

  readonly #woke = () => {
    if (document.visibilityState === "visible") {
      this.#connection.nudge(TRUSTED_MS);
    }
  };

  readonly #online = () => {
    this.#connection.nudge(0);
  };

  #setStatus(status: FollowStatus): void {
    if (status !== this.#status) {
      this.#status = status;
      for (const listener of this.#listeners) {
        listener();
      }
    }
  }
}

import type { QueryClient } from "@tanstack/react-query";

import type { AuthorizedFetch } from "../api/fetch";
import type { SessionStore } from "../auth/session";
import { CacheKeeper } from "./cache";
import { Connection, type LiveStatus, SILENCE_MS } from "./connection";
import { type Frame, endingOf, readFrame } from "./frames";
import { readStream } from "./stream";
import { type Locks, Tabs, type Told } from "./tabs";
import { type Change, type Progress, World } from "./world";

/** Progress, with when it was heard: what remains counts down from there. */
export interface HeardProgress extends Progress {
  readonly heardAt: number;
}

export interface FeedParts {
  readonly user: string;
  readonly fetch: AuthorizedFetch;
  readonly session: SessionStore;
  readonly client: QueryClient;
  readonly locks?: Locks;
}

/** A line that a woken tab still trusts: one heartbeat, and a little. */
const TRUSTED_MS = 20_000;
/** What an analysis has told comes within this, or not at all. */
const CATCH_UP_MS = 3000;
/** How often a tab that is looked at makes sure that somebody leads. */
const ASK_EVERY_MS = SILENCE_MS;

/** All live news of this tab: reads the stream or hears from the tab that does. */
export class Feed {
  readonly #world = new World();
  readonly #progress = new Map<string, HeardProgress>();
  readonly #listeners = new Set<() => void>();
  readonly #connection: Connection<Frame>;
  readonly #parts: FeedParts;
  #keeper: CacheKeeper | undefined;
  #tabs: Tabs | undefined;
  #asking: ReturnType<typeof setInterval> | undefined;
  #status: LiveStatus = "connecting";

  constructor(parts: FeedParts) {
    const { fetch, session } = parts;
    this.#parts = parts;
    this.#connection = new Connection({
      open: (lastEventId, signal) =>
        fetch(new URL("/api/v1/events", window.location.origin).href, {
          signal,
          cache: "no-store",
          headers: {
            accept: "text/event-stream",
            ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
          },
        }),
      lastEventId: () => this.#world.lastEventId,
      read: readFrame,
      endingOf,
      hear: (frame) => {
        this.#take(this.#world.hear(frame));
        this.#tabs?.tell({ kind: "frame", frame });
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
    const { user, client, locks } = this.#parts;
    this.#keeper = new CacheKeeper(client, this.#world);
    this.#tabs = new Tabs(
      `e2i.live.${user}`,
      {
        lead: (signal) => this.#connection.run(signal),
        heard: (told) => {
          this.#heard(told);
        },
      },
      locks,
    );
    document.addEventListener("visibilitychange", this.#woke);
    window.addEventListener("pageshow", this.#woke);
    window.addEventListener("online", this.#online);
    this.#asking = setInterval(() => {
      if (document.visibilityState === "visible") {
        this.#tabs?.ask();
      }
    }, ASK_EVERY_MS);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly progress = (id: string): HeardProgress | undefined => this.#progress.get(id);

  readonly status = (): LiveStatus => this.#status;

  /**
   * Reads what one analysis has told so far, and stops when that is told: the stream of all does not repeat it.
   *
   * Only progress is missed where it fails, so it fails in silence.
   */
  async catchUp(id: string, signal: AbortSignal): Promise<void> {
    const enough = AbortSignal.any([signal, AbortSignal.timeout(CATCH_UP_MS)]);
    try {
      const url = new URL(`/api/v1/analyses/${id}/events`, window.location.origin).href;
      const response = await this.#parts.fetch(url, { signal: enough, cache: "no-store" });
      await readStream(response, {
        read: readFrame,
        frame: (frame) => {
          // Its ids are not those of the stream of all.
          if (frame.kind === "event") {
            this.#take(this.#world.hear({ ...frame, id: "" }));
          }
        },
        retryMs: () => undefined,
        alive: () => undefined,
      });
    } catch {
      // Told enough, or not at all.
    }
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.#woke);
    window.removeEventListener("pageshow", this.#woke);
    window.removeEventListener("online", this.#online);
    clearInterval(this.#asking);
    this.#tabs?.stop();
    this.#keeper?.stop();
  }

  readonly #woke = () => {
    if (document.visibilityState === "visible") {
      this.#tabs?.ask();
      this.#connection.nudge(TRUSTED_MS);
    }
  };

  readonly #online = () => {
    this.#connection.nudge(0);
  };

  #heard(told: Told): void {
    switch (told.kind) {
      case "frame":
        this.#take(this.#world.hear(told.frame));
        break;
      case "status":
        this.#setStatus(told.status);
        break;
      case "hello":
        this.#tabs?.tell({
          kind: "world",
          standings: this.#world.all(),
          lastEventId: this.#world.lastEventId,
          status: this.#status,
        });
        break;
      case "world":
        this.#setStatus(told.status);
        // Before the first snapshot the leading tab knows nothing, and says nothing by it.
        if (told.status === "open") {
          this.#take(this.#world.adopt(told.standings, told.lastEventId));
        }
        break;
    }
  }

  #take(changes: readonly Change[]): void {
    this.#keeper?.take(changes);
    for (const change of changes) {
      if (change.kind === "complete") {
        continue;
      }
      const { id, progress } = change.standing;
      if (change.kind === "progress" && progress) {
        this.#progress.set(id, { ...progress, heardAt: Date.now() });
      } else if (!progress) {
        this.#progress.delete(id);
      }
    }
    this.#notify();
  }

  #setStatus(status: LiveStatus): void {
    if (status === this.#status) {
      return;
    }
    this.#status = status;
    const tabs = this.#tabs;
    if (tabs?.leads === true) {
      tabs.tell({ kind: "status", status });
    }
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

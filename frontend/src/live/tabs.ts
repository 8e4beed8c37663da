import type { LiveStatus } from "./connection";
import type { Frame } from "./frames";
import type { Standing } from "./world";

/** What tabs tell one another. */
export type Told =
  | { readonly kind: "frame"; readonly frame: Frame }
  | { readonly kind: "status"; readonly status: LiveStatus }
  /** A tab that has begun, or woken up, asks for everything. */
  | { readonly kind: "hello" }
  | {
      readonly kind: "world";
      readonly standings: readonly Standing[];
      readonly lastEventId: string | undefined;
      readonly status: LiveStatus;
    };

/** What a tab does as leader and as one of the others. */
export interface Part {
  /** Reads the stream until the signal says that somebody else does. */
  readonly lead: (signal: AbortSignal) => Promise<void>;
  readonly heard: (told: Told) => void;
}

/** How long the leading tab may leave a question unanswered: longer, and it is asleep. */
export const ANSWER_MS = 3000;

/** Web Locks exist on https and on localhost alone. Without them each tab reads for itself. */
export interface Locks {
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    granted: () => Promise<void>,
  ): Promise<unknown>;
}

/** Elects one tab of all that leads; when it closes another takes over, when it sleeps another takes it away. */
export class Tabs {
  readonly #channel: BroadcastChannel | undefined;
  readonly #stopped = new AbortController();
  #waiting: AbortController | undefined;
  #leads = false;
  #unanswered: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly name: string,
    private readonly part: Part,
    private readonly locks: Locks | undefined,
  ) {
    this.#channel = locks ? new BroadcastChannel(name) : undefined;
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<Told>) => {
      this.#hear(data);
    });
    void this.#candidate(false);
    this.ask();
  }

  get leads(): boolean {
    return this.#leads;
  }

  tell(told: Told): void {
    if (!this.#stopped.signal.aborted) {
      this.#channel?.postMessage(told);
    }
  }

  /** Asks the leading tab for everything; takes the lead when it does not answer. */
  ask(): void {
    if (this.#leads || !this.#channel || this.#stopped.signal.aborted) {
      return;
    }
    this.tell({ kind: "hello" });
    this.#unanswered ??= setTimeout(() => {
      this.#unanswered = undefined;
      if (!this.#leads) {
        void this.#candidate(true);
      }
    }, ANSWER_MS);
  }

  stop(): void {
    this.#answered();
    this.#stopped.abort();
    this.#channel?.close();
  }

  #hear(told: Told): void {
    if (this.#stopped.signal.aborted) {
      return;
    }
    if (told.kind !== "hello") {
      this.#answered();
    }
    // A leader that was robbed while it slept may still be talking; doubles do no harm, and it stops when it wakes.
    if (told.kind === "hello" ? this.#leads : !this.#leads) {
      this.part.heard(told);
    }
  }

  #answered(): void {
    clearTimeout(this.#unanswered);
    this.#unanswered = undefined;
  }

  /** Waits for the lead, or takes it. */
  async #candidate(steal: boolean): Promise<void> {
    // A stolen lock goes to who steals; our own place in the queue is given up for it.
    this.#waiting?.abort();
    const waiting = new AbortController();
    this.#waiting = waiting;
    const stopped = this.#stopped.signal;
    if (!this.locks) {
      await this.#lead(stopped);
      return;
    }
    const robbed = new AbortController();
    try {
      const options = steal ? { steal } : { signal: AbortSignal.any([stopped, waiting.signal]) };
      await this.locks.request(this.name, options, () => this.#lead(AbortSignal.any([stopped, robbed.signal])));
    } catch (error) {
      robbed.abort(error);
      if (!stopped.aborted && !waiting.signal.aborted) {
        void this.#candidate(false);
      }
    }
  }

  async #lead(signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      return;
    }
    this.#answered();
    this.#leads = true;
    try {
      await this.part.lead(signal);
    } finally {
      this.#leads = false;
    }
  }
}

import { type UploadStatus, type UploadTask, isOver, isRunning } from "./status";
import type { Tell } from "./transfer";

/** How many files are sent at once; the others wait for their turn. */
const AT_ONCE = 2;

/** What the queue asks of whatever brings a file to the platform. */
export interface Carrier {
  start(): void;
  pause(): void;
  cancel(): Promise<void>;
}

/** A file in the queue. */
export interface QueuedUpload extends UploadTask {
  readonly key: number;
  readonly status: UploadStatus;
}

interface Entry {
  readonly upload: QueuedUpload;
  readonly carrier: Carrier;
}

/** The uploads of a person in this tab, whatever page is shown. For React: `useSyncExternalStore`. */
export class UploadQueue {
  #entries: readonly Entry[] = [];
  #uploads: readonly QueuedUpload[] = [];
  #nextKey = 1;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly carrierOf: (task: UploadTask, tell: Tell) => Carrier,
    /** Told of each upload that became a dataset. */
    private readonly onStored: (datasetId: string) => void,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): readonly QueuedUpload[] => this.#uploads;

  add(tasks: readonly UploadTask[]): void {
    const added = tasks.map((task): Entry => {
      const key = this.#nextKey++;
      const carrier = this.carrierOf(task, (status) => {
        this.#told(key, status);
      });
      return { upload: { ...task, key, status: { phase: "queued" } }, carrier };
    });
    this.#set([...this.#entries, ...added]);
    this.#startNext();
  }

  pause(key: number): void {
    this.#find(key)?.carrier.pause();
  }

  /** Takes its turn at the end of those that wait. */
  resume(key: number): void {
    this.#told(key, { phase: "queued" });
  }

  async cancel(key: number): Promise<void> {
    const entry = this.#find(key);
    this.dismiss(key);
    await entry?.carrier.cancel();
  }

  /** Takes one that is over off the list. */
  dismiss(key: number): void {
    this.#set(this.#entries.filter(({ upload }) => upload.key !== key));
    this.#startNext();
  }

  /** Stops everything, for whoever signs in next; what was sent stays and can be gone on with. */
  stop(): void {
    for (const { upload, carrier } of this.#entries) {
      if (isRunning(upload.status)) {
        carrier.pause();
      }
    }
    this.#set([]);
  }

  #told(key: number, status: UploadStatus): void {
    const entry = this.#find(key);
    if (!entry) {
      return;
    }
    this.#set(this.#entries.map((each) => (each === entry ? { ...each, upload: { ...each.upload, status } } : each)));
    if (status.phase === "stored") {
      this.onStored(status.datasetId);
    }
    if (isOver(status) || status.phase === "paused" || status.phase === "queued") {
      this.#startNext();
    }
  }

  #startNext(): void {
    const running = this.#entries.filter(({ upload }) => isRunning(upload.status)).length;
    const waiting = this.#entries.filter(({ upload }) => upload.status.phase === "queued");
    for (const { carrier } of waiting.slice(0, Math.max(AT_ONCE - running, 0))) {
      carrier.start();
    }
  }

  #find(key: number): Entry | undefined {
    return this.#entries.find(({ upload }) => upload.key === key);
  }

  #set(entries: readonly Entry[]): void {
    this.#entries = entries;
    this.#uploads = entries.map(({ upload }) => upload);
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

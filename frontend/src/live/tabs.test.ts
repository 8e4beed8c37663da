import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ANSWER_MS, type Locks, type Part, Tabs, type Told } from "./tabs";

/** Web Locks of one name, as the standard has them. */
class OneLock implements Locks {
  #held: { release: (error: unknown) => void } | undefined;
  readonly #queue: { begin: () => void; aborted: () => boolean }[] = [];

  request: Locks["request"] = (_name, { signal, steal = false }, granted) =>
    new Promise((resolve, reject) => {
      const begin = () => {
        const mine = { release: reject };
        this.#held = mine;
        void granted().then(() => {
          resolve(undefined);
          if (this.#held === mine) {
            this.#held = undefined;
            this.#next();
          }
        });
      };
      signal?.addEventListener("abort", () => {
        reject(new DOMException("aborted", "AbortError"));
      });
      if (steal) {
        this.#held?.release(new DOMException("stolen", "AbortError"));
        begin();
      } else {
        this.#queue.push({ begin, aborted: () => signal?.aborted ?? false });
        if (!this.#held) {
          this.#next();
        }
      }
    });

  #next(): void {
    const next = this.#queue.shift();
    if (next?.aborted()) {
      this.#next();
    } else {
      next?.begin();
    }
  }
}

class Tab implements Part {
  readonly told: Told[] = [];
  asleep = false;
  leading = 0;
  readonly tabs: Tabs;

  constructor(name: string, locks: Locks | undefined) {
    this.tabs = new Tabs(name, this, locks);
  }

  lead = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      this.leading += 1;
      signal.addEventListener("abort", () => {
        this.leading -= 1;
        resolve();
      });
    });

  heard = (told: Told) => {
    if (this.asleep) {
      return;
    }
    this.told.push(told);
    if (told.kind === "hello") {
      this.tabs.tell({ kind: "world", standings: [], lastEventId: "a:1-1", status: "open" });
    }
  };
}

let count = 0;

describe("the tabs of a browser", () => {
  let lock: OneLock;
  let name: string;
  const open: Tab[] = [];
  const tab = () => {
    const made = new Tab(name, lock);
    open.push(made);
    return made;
  };
  /** Channels and locks answer in tasks of their own, which fake timers do not run. */
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    lock = new OneLock();
    name = `test-${String((count += 1))}`;
  });
  afterEach(() => {
    for (const { tabs } of open.splice(0)) {
      tabs.stop();
    }
    vi.useRealTimers();
  });

  it("have one leader, and another one when it closes", async () => {
    const [first, second, third] = [tab(), tab(), tab()];
    await settle();
    expect([first.leading, second.leading, third.leading]).toEqual([1, 0, 0]);
    first.tabs.stop();
    await settle();
    expect([first.leading, second.leading, third.leading]).toEqual([0, 1, 0]);
    second.tabs.stop();
    await settle();
    expect(third.leading).toBe(1);
  });

  it("tell one another what the leader hears", async () => {
    const first = tab();
    await settle();
    const second = tab();
    await settle();
    // It asked when it began, and was told everything.
    expect(second.told.map(({ kind }) => kind)).toEqual(["world"]);
    first.tabs.tell({ kind: "frame", frame: { kind: "gap" } });
    await settle();
    expect(second.told.at(-1)).toEqual({ kind: "frame", frame: { kind: "gap" } });
    vi.advanceTimersByTime(ANSWER_MS * 2);
    await settle();
    expect([first.leading, second.leading]).toEqual([1, 0]);
  });

  it("take the lead from one that sleeps, which stops when it wakes", async () => {
    const first = tab();
    await settle();
    first.asleep = true;
    const second = tab();
    await settle();
    expect(second.leading).toBe(0);
    vi.advanceTimersByTime(ANSWER_MS + 1);
    await settle();
    expect([first.leading, second.leading]).toEqual([0, 1]);
    // It is in the queue again.
    second.tabs.stop();
    await settle();
    expect(first.leading).toBe(1);
  });

  it("read each for itself where there are no locks", async () => {
    const alone = [new Tab(name, undefined), new Tab(name, undefined)];
    await settle();
    expect(alone.map(({ leading }) => leading)).toEqual([1, 1]);
    for (const { tabs } of alone) {
      tabs.stop();
    }
    await settle();
    expect(alone.map(({ leading }) => leading)).toEqual([0, 0]);
  });
});

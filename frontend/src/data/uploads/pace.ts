/** How fast bytes go, and how long the rest takes at that. */
export interface Pace {
  readonly bytesPerSecond: number;
  readonly secondsLeft: number;
}

const WINDOW_MS = 10_000;
const SHORTEST_MS = 1000;

/** Measures over the last ten seconds: steady enough to read, quick enough to notice a change. */
export class PaceMeter {
  #samples: { readonly atMs: number; readonly sent: number }[] = [];

  /** Takes note of what has been sent; the pace, once there is enough to tell it. */
  at(nowMs: number, sent: number, total: number): Pace | undefined {
    const last = this.#samples.at(-1);
    if (last && sent < last.sent) {
      // A piece is sent again after a fault.
      this.#samples = [];
    }
    this.#samples = [...this.#samples.filter(({ atMs }) => nowMs - atMs <= WINDOW_MS), { atMs: nowMs, sent }];
    const first = this.#samples[0];
    if (!first || nowMs - first.atMs < SHORTEST_MS || sent === first.sent) {
      return undefined;
    }
    const bytesPerSecond = ((sent - first.sent) * 1000) / (nowMs - first.atMs);
    return { bytesPerSecond, secondsLeft: (total - sent) / bytesPerSecond };
  }
}

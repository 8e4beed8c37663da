/** Gives each request its `traceparent` (W3C trace context). */
export type Traceparent = () => string;

/** What begins a trace: whatever people do to have something done. */
const ACTS = ["click", "submit", "change", "drop"] as const;
/** What is asked later than this after the last act is not its doing: then each request is a trace of its own. */
const ACT_MS = 10_000;

/** All that one click asks for is one trace: what is sent, and what is read again because of it. */
export class Clicks {
  readonly #now: () => number;
  readonly #random: (bytes: number) => Uint8Array;
  #trace = "";
  #until = -Infinity;

  constructor(now: () => number = () => performance.now(), random = randomBytes) {
    this.#now = now;
    this.#random = random;
  }

  /** Hears every act of the page, before what it sets going. */
  listenTo(page: EventTarget): void {
    for (const act of ACTS) {
      page.addEventListener(act, this.begin, { capture: true, passive: true });
    }
  }

  /** Something is done: what is asked from now on belongs to it. */
  readonly begin = (): void => {
    this.#trace = hexadecimal(this.#random(16));
    this.#until = this.#now() + ACT_MS;
  };

  readonly traceparent: Traceparent = () => {
    const trace = this.#now() < this.#until ? this.#trace : hexadecimal(this.#random(16));
    // 01: to be kept. Each request is a span of its own.
    return `00-${trace}-${hexadecimal(this.#random(8))}-01`;
  };
}

function randomBytes(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

import type { LogLine } from "../types";

/** How often those who look are told of new lines, at most. */
const TELL_EVERY_MS = 100;
/** More is not kept in the browser; the download has all of it. */
export const MAX_LINES = 100_000;

/** What there is of a log. A snapshot never changes: `lines` may grow, but not below `count`. */
export interface LogShown {
  readonly lines: readonly LogLine[];
  readonly count: number;
  /** How many of the first are not here. */
  readonly dropped: number;
}

/** Codes for a terminal's colours and cursor. */
const TERMINAL_CODES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, "gu");

/** The lines of one log as they come; tells of them in batches, so that a flood does not draw the page for each. */
export class LogLines {
  #lines: LogLine[] = [];
  #dropped = 0;
  #shown: LogShown = { lines: [], count: 0, dropped: 0 };
  #isTelling = false;
  readonly #listeners = new Set<() => void>();

  /** The number of the last line: where a stream goes on. */
  get last(): number | undefined {
    return this.#lines.at(-1)?.seq;
  }

  /** Takes a line, once. */
  append(line: LogLine): void {
    if (line.seq <= (this.last ?? 0)) {
      return;
    }
    this.#lines.push({ ...line, line: line.line.replace(TERMINAL_CODES, "") });
    if (this.#lines.length > MAX_LINES + MAX_LINES / 10) {
      // A new list: what was told stays as it was.
      const kept = this.#lines.slice(-MAX_LINES);
      this.#dropped += this.#lines.length - kept.length;
      this.#lines = kept;
    }
    if (!this.#isTelling) {
      this.#isTelling = true;
      setTimeout(() => {
        this.#isTelling = false;
        this.#tell();
      }, TELL_EVERY_MS);
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly shown = (): LogShown => this.#shown;

  #tell(): void {
    this.#shown = { lines: this.#lines, count: this.#lines.length, dropped: this.#dropped };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { LogLines, MAX_LINES } from "./lines";

const line = (seq: number, text = `line ${seq}`) => ({ seq, at: "2026-11-26T10:00:00Z", line: text });

describe("the lines of a log", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("are told in batches, each line once", () => {
    const lines = new LogLines();
    const told = vi.fn();
    lines.subscribe(told);
    for (let seq = 1; seq <= 20_000; seq += 1) {
      lines.append(line(seq));
    }
    // A stream that goes on may repeat some.
    lines.append(line(19_999));
    expect(told).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(told).toHaveBeenCalledTimes(1);
    expect(lines.shown().count).toBe(20_000);
    expect(lines.last).toBe(20_000);
  });

  it("keep what was told as it was while more come", () => {
    const lines = new LogLines();
    lines.append(line(1));
    vi.advanceTimersByTime(100);
    const before = lines.shown();
    lines.append(line(2));
    expect(lines.shown()).toBe(before);
    expect(before.count).toBe(1);
    vi.advanceTimersByTime(100);
    expect(lines.shown().count).toBe(2);
  });

  it("lose a terminal's codes", () => {
    const lines = new LogLines();
    lines.append(line(1, "\u001b[1;32mok\u001b[0m done"));
    vi.advanceTimersByTime(100);
    expect(lines.shown().lines[0]?.line).toBe("ok done");
  });

  it("drop the oldest when there are too many, and say how many", () => {
    const lines = new LogLines();
    const total = MAX_LINES + MAX_LINES / 10 + 1;
    for (let seq = 1; seq <= total; seq += 1) {
      lines.append(line(seq));
    }
    vi.advanceTimersByTime(100);
    const { count, dropped, lines: kept } = lines.shown();
    expect(count).toBe(MAX_LINES);
    expect(dropped).toBe(total - MAX_LINES);
    expect(kept[0]?.seq).toBe(dropped + 1);
  });
});

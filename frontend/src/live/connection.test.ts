import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Connection, type Line, SILENCE_MS } from "./connection";
import { type Frame, endingOf, readFrame } from "./frames";
import { waitAfter } from "./schedule";

/** A platform that answers with streams that the test writes to. */
class Platform implements Line<Frame> {
  readonly opened: { lastEventId: string | undefined; write: (text: string) => void; close: () => void }[] = [];
  readonly frames: Frame[] = [];
  readonly statuses: string[] = [];
  refuse: Response | Error | undefined;
  sessionsEnded = 0;

  readonly read = readFrame;
  readonly endingOf = endingOf;
  readonly open: Line<Frame>["open"] = (lastEventId, signal) => {
    if (this.refuse) {
      const refused = this.refuse;
      return refused instanceof Error ? Promise.reject(refused) : Promise.resolve(refused.clone());
    }
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const bytes = new TextEncoder();
        signal.addEventListener("abort", () => {
          controller.error(signal.reason);
        });
        this.opened.push({
          lastEventId,
          write: (text) => {
            controller.enqueue(bytes.encode(text));
          },
          close: () => {
            controller.close();
          },
        });
      },
    });
    return Promise.resolve(new Response(stream));
  };
  readonly lastEventId = () => {
    const last = this.frames.findLast((frame) => frame.kind === "event");
    return last?.kind === "event" ? last.id : undefined;
  };
  readonly hear = (frame: Frame) => {
    this.frames.push(frame);
  };
  readonly sessionEnded = () => {
    this.sessionsEnded += 1;
    return Promise.resolve();
  };
  readonly status = (status: string) => {
    if (this.statuses.at(-1) !== status) {
      this.statuses.push(status);
    }
  };
}

const event = (seq: number) =>
  `event: progress\nid: j:1-${seq}\ndata: {"job":"j","workspace":"w","owner":"o","attempt":1,"seq":${seq},"event":"progress","fraction":0.5,"step":"s"}\n\n`;

describe("a connection", () => {
  let platform: Platform;
  let stop: AbortController;
  let connection: Connection<Frame>;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    platform = new Platform();
    stop = new AbortController();
    connection = new Connection(platform);
    void connection.run(stop.signal);
  });
  afterEach(() => {
    stop.abort();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const line = (index: number) => {
    const opened = platform.opened[index];
    if (!opened) {
      throw new Error(`only ${platform.opened.length} streams were opened`);
    }
    return opened;
  };

  it("comes back with the last id after a cut in the middle of a frame", async () => {
    await passes(0);
    line(0).write(`retry: 1200\n\n${event(1)}${event(2).slice(0, 40)}`);
    await passes(10);
    line(0).close();
    await passes(1100);
    expect(platform.opened).toHaveLength(1);
    await passes(200);
    expect(line(1).lastEventId).toBe("j:1-1");
    line(1).write(event(2));
    await passes(10);
    expect(platform.frames).toHaveLength(2);
    expect(platform.statuses).toEqual(["open", "waiting", "open"]);
  });

  it("waits longer and longer while the platform is away, and is back soon after it is", async () => {
    platform.refuse = new TypeError("network");
    line(0).close();
    await passes(120_000);
    const before = platform.opened.length;
    platform.refuse = undefined;
    connection.nudge(0);
    await passes(1);
    expect(platform.opened).toHaveLength(before + 1);
  });

  it("does not wait when the tab wakes, and does not trust a line that was silent meanwhile", async () => {
    await passes(0);
    line(0).write(": heartbeat\n\n");
    await passes(1000);
    connection.nudge(20_000);
    await passes(0);
    expect(platform.opened).toHaveLength(1);
    // The machine slept: time went on, no timer fired.
    vi.setSystemTime(Date.now() + 3_600_000);
    connection.nudge(20_000);
    await passes(0);
    expect(platform.opened).toHaveLength(2);
  });

  it("leaves a line on which nothing comes, not even a heartbeat", async () => {
    await passes(0);
    line(0).write(": heartbeat\n\n");
    await passes(SILENCE_MS - 1000);
    line(0).write(": heartbeat\n\n");
    await passes(SILENCE_MS - 1000);
    expect(platform.opened).toHaveLength(1);
    await passes(10_000);
    expect(platform.opened).toHaveLength(2);
  });

  it("goes on at once with a new token, after `retry` elsewhere, and asks whether the session is over", async () => {
    await passes(0);
    line(0).write("retry: 1900\n\n");
    await passes(6000);
    line(0).write(`event: end\ndata: {"reason":"token_expired"}\n\n${event(9)}`);
    await passes(0);
    expect(platform.opened).toHaveLength(2);
    expect(platform.frames).toEqual([]);
    line(1).write(": x\n\n");
    await passes(6000);
    line(1).write(`event: reconnect\ndata: {"reason":"..."}\n\n`);
    await passes(1800);
    expect(platform.opened).toHaveLength(2);
    await passes(200);
    expect(platform.opened).toHaveLength(3);
    line(2).write(`event: end\ndata: {"reason":"session_ended"}\n\n`);
    await passes(0);
    expect(platform.sessionsEnded).toBe(1);
  });

  it("does not run in circles when each stream ends at once", async () => {
    let ended = 0;
    for (let round = 0; round < 400; round += 1) {
      for (; ended < platform.opened.length; ended += 1) {
        line(ended).write(`event: end\ndata: {"reason":"token_expired"}\n\n`);
      }
      await passes(100);
    }
    expect(platform.opened.length).toBeLessThan(10);
  });

  it("is over when it is stopped", async () => {
    await passes(0);
    stop.abort();
    await passes(300_000);
    expect(platform.opened).toHaveLength(1);
  });
});

describe("how long to wait", () => {
  it("doubles up to half a minute, with a quarter of chance on either side", () => {
    const delays = [0, 1, 2, 3, 8, 50].map(
      (failures) => waitAfter({ kind: "broken" }, 10, failures, 1500, 0.5).delayMs,
    );
    expect(delays).toEqual([1500, 3000, 6000, 12_000, 30_000, 30_000]);
    expect(waitAfter({ kind: "silent" }, 10, 0, 1500, 0).delayMs).toBe(1125);
    expect(waitAfter({ kind: "silent" }, 10, 0, 1500, 1).delayMs).toBe(1875);
  });

  it("begins anew after a connection that held", () => {
    expect(waitAfter({ kind: "broken" }, 60_000, 8, 1500, 0.5)).toEqual({ delayMs: 1500, failures: 1 });
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { AuthorizedFetch } from "../../api/fetch";
import { Follower } from "./follower";

/** A deployer whose streams the test writes to. */
class Deployer {
  readonly opened: { lastEventId: string | null; write: (text: string) => void; close: () => void }[] = [];

  readonly fetch: AuthorizedFetch = (input, init) => {
    const { headers, signal } = new Request(input, init);
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const bytes = new TextEncoder();
        signal.addEventListener("abort", () => {
          controller.error(signal.reason);
        });
        this.opened.push({
          lastEventId: headers.get("last-event-id"),
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
}

const line = (seq: number) =>
  `id: ${seq}\nevent: line\ndata: {"seq":${seq},"at":"2026-11-26T10:00:00Z","step":"images","line":"line ${seq}"}\n\n`;

describe("following a deployment", () => {
  let deployer: Deployer;
  let follower: Follower;
  const onStep = vi.fn();
  const onState = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    deployer = new Deployer();
    const session = { accessToken: () => Promise.resolve("t"), renewed: () => Promise.resolve("t") };
    follower = new Follower({ id: 12, fetch: deployer.fetch, session, onStep, onState });
    follower.start();
  });
  afterEach(() => {
    follower.stop();
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.clearAllMocks();
  });

  const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it("goes on after the last line when the stream is cut, and shows each line once", async () => {
    await passes(0);
    deployer.opened[0]?.write(`retry: 1000\n\n${line(1)}${line(2)}${line(3).slice(0, 30)}`);
    await passes(10);
    deployer.opened[0]?.close();
    await passes(10);
    expect(follower.status()).toBe("waiting");
    await passes(1500);
    expect(deployer.opened[1]?.lastEventId).toBe("2");
    deployer.opened[1]?.write(`${line(2)}${line(3)}`);
    await passes(200);
    expect(follower.status()).toBe("open");
    expect(follower.lines.shown().lines.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it("tells of steps and states, and asks no more when it has ended", async () => {
    await passes(0);
    deployer.opened[0]?.write(
      `event: step\ndata: {"step":"soak","state":"running"}\n\nevent: state\ndata: {"id":12,"state":"live"}\n\nevent: end\ndata: {}\n\n`,
    );
    await passes(60_000);
    expect(onStep).toHaveBeenCalledWith(expect.objectContaining({ step: "soak" }));
    expect(onState).toHaveBeenCalledWith(expect.objectContaining({ state: "live" }));
    expect(follower.status()).toBe("complete");
    expect(deployer.opened).toHaveLength(1);
  });

  it("goes on when what was live is taken back", async () => {
    await passes(0);
    follower.goOn();
    expect(deployer.opened).toHaveLength(1);
    deployer.opened[0]?.write(`${line(1)}event: end\ndata: {"reason":"ended"}\n\n`);
    await passes(0);
    expect(follower.status()).toBe("complete");
    follower.goOn();
    await passes(0);
    expect(deployer.opened[1]?.lastEventId).toBe("1");
    deployer.opened[1]?.write(`${line(2)}event: end\ndata: {}\n\n`);
    await passes(200);
    expect(follower.lines.shown().count).toBe(2);
    expect(follower.status()).toBe("complete");
  });

  it("does not trust a line that was silent while the tab slept", async () => {
    await passes(0);
    deployer.opened[0]?.write(line(1));
    await passes(25_000);
    document.dispatchEvent(new Event("visibilitychange"));
    await passes(0);
    expect(deployer.opened[1]?.lastEventId).toBe("1");
  });

  it("can be begun anew", async () => {
    await passes(0);
    follower.stop();
    follower.start();
    await passes(0);
    expect(deployer.opened).toHaveLength(2);
    deployer.opened[1]?.write("event: end\ndata: {}\n\n");
    await passes(0);
    expect(follower.status()).toBe("complete");
  });
});

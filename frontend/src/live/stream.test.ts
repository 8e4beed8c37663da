import { describe, expect, it } from "vitest";

import { BadFrame, type Frame, readFrame } from "./frames";
import { readStream } from "./stream";

const EVENT = `{"job":"j","workspace":"w","owner":"o","attempt":1,"seq":2,"event":"progress","fraction":0.5,"step":"Schätzer → weiter"}`;
const TEXT = [
  "retry: 1732\n: the stream is open\n\n",
  `event: snapshot\ndata: {"complete":true,"analyses":[]}\n\n`,
  `event: progress\nid: j:1-2\ndata: ${EVENT}\n\n`,
  ": heartbeat\n\n",
  `event: something_new\ndata: {}\n\n`,
  `event: gap\ndata: {"detail":"..."}\n\n`,
  `event: end\ndata: {"reason":"token_expired","detail":"..."}\n\n`,
].join("");
const KINDS = ["snapshot", "event", "gap", "end"];

/** An answer that comes in pieces cut at these bytes. */
function answer(text: string, cuts: readonly number[]): Response {
  const bytes = new TextEncoder().encode(text);
  const ends = [...cuts, bytes.length];
  return new Response(
    new ReadableStream<Uint8Array>({
      start(controller) {
        let from = 0;
        for (const to of ends) {
          controller.enqueue(bytes.slice(from, to));
          from = to;
        }
        controller.close();
      },
    }),
  );
}

async function read(response: Response): Promise<{ frames: Frame[]; retryMs: number; chunks: number }> {
  const heard = { frames: [] as Frame[], retryMs: 0, chunks: 0 };
  await readStream(response, {
    read: readFrame,
    frame: (frame) => heard.frames.push(frame),
    retryMs: (ms) => (heard.retryMs = ms),
    alive: () => (heard.chunks += 1),
  });
  return heard;
}

describe("reading a stream", () => {
  it("reads every frame wherever the bytes are cut, also within a letter", async () => {
    const { length } = new TextEncoder().encode(TEXT);
    for (let cut = 1; cut < length; cut += 1) {
      const { frames, retryMs } = await read(answer(TEXT, [cut]));
      expect(frames.map(({ kind }) => kind)).toEqual(KINDS);
      expect(frames[1]).toMatchObject({ id: "j:1-2", envelope: { step: "Schätzer → weiter" } });
      expect(retryMs).toBe(1732);
    }
    const oneByOne = Array.from({ length: length - 1 }, (_, index) => index + 1);
    const { frames, chunks } = await read(answer(TEXT, oneByOne));
    expect(frames.map(({ kind }) => kind)).toEqual(KINDS);
    expect(chunks).toBe(length);
  });

  it("tells nothing of a frame that was cut off", async () => {
    const whole = TEXT.indexOf("event: progress");
    for (let end = whole; end < TEXT.indexOf(": heartbeat") - 1; end += 1) {
      const { frames } = await read(answer(TEXT.slice(0, end), []));
      expect(frames.map(({ kind }) => kind)).toEqual(["snapshot"]);
    }
  });

  it("stops at a frame that it does not understand", async () => {
    for (const bad of ["event: state\ndata: {}\n\n", "event: progress\ndata: {\n\n", "event: snapshot\ndata: []\n\n"]) {
      await expect(read(answer(bad + TEXT, []))).rejects.toBeInstanceOf(BadFrame);
    }
  });

  it("says why the platform refused", async () => {
    const refused = new Response("", { status: 503, headers: { "retry-after": "7" } });
    await expect(read(refused)).rejects.toMatchObject({ status: 503, retryAfterS: 7 });
  });
});

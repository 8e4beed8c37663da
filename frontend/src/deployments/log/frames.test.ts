import { describe, expect, it } from "vitest";

import { BadFrame } from "../../live/frames";
import { logEndingOf, readLogFrame } from "./frames";

const read = (event: string, data: string) => readLogFrame({ event, data, id: undefined });

describe("the frames of a deployment's stream", () => {
  it("are read by their kind", () => {
    expect(read("line", `{"seq":3,"at":"2026-11-26T10:00:00Z","step":"images","line":"built"}`)).toMatchObject({
      kind: "line",
      line: { seq: 3, step: "images", line: "built" },
    });
    expect(read("step", `{"step":"soak","state":"running"}`)).toMatchObject({ kind: "step" });
    expect(read("state", `{"id":12,"state":"live"}`)).toMatchObject({ kind: "state", summary: { id: 12 } });
    expect(read("something_new", "{}")).toBeUndefined();
  });

  it("are refused when they do not say what they should", () => {
    for (const [event, data] of [
      ["line", `{"seq":"3","line":"x"}`],
      ["line", "no json"],
      ["step", `{"step":"soak"}`],
      ["state", "null"],
    ] as const) {
      expect(() => read(event, data), `${event} ${data}`).toThrow(BadFrame);
    }
  });

  it("end the following for good, but not when only the session or the deployer changes", () => {
    const ending = (event: string, data: string) => {
      const frame = read(event, data);
      return frame && logEndingOf(frame);
    };
    expect(ending("end", "{}")).toEqual({ kind: "complete" });
    expect(ending("end", "")).toEqual({ kind: "complete" });
    expect(ending("end", `{"reason":"token_expired"}`)).toEqual({ kind: "token_expired" });
    expect(ending("reconnect", "{}")).toEqual({ kind: "replaced" });
    expect(ending("step", `{"step":"soak","state":"done"}`)).toBeUndefined();
  });
});

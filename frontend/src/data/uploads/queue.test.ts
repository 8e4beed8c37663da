import { expect, test, vi } from "vitest";

import { ApiProblem } from "../../api/problem";
import { type Carrier, UploadQueue } from "./queue";
import type { UploadTask } from "./status";
import type { Tell } from "./transfer";

function task(name: string): UploadTask {
  return { file: new File(["a\n1\n"], `${name}.csv`), name, workspaceId: "w" };
}

/** A queue whose carriers do what the test tells them. */
function begun() {
  const tells = new Map<string, Tell>();
  const cancelled: string[] = [];
  const carrierOf = ({ name }: UploadTask, tell: Tell): Carrier => {
    tells.set(name, tell);
    return {
      start: () => {
        tell({ phase: "sending", sent: 0, pace: undefined });
      },
      pause: () => {
        tell({ phase: "paused", sent: 1 });
      },
      cancel: () => {
        cancelled.push(name);
        return Promise.resolve();
      },
    };
  };
  const onStored = vi.fn();
  const queue = new UploadQueue(carrierOf, onStored);
  const phases = () => queue.current().map(({ name, status }) => `${name} ${status.phase}`);
  const key = (name: string) => queue.current().find((upload) => upload.name === name)?.key ?? 0;
  return { queue, tells, cancelled, onStored, phases, key };
}

test("two files go at once, the others follow in order", () => {
  const { queue, tells, phases, onStored } = begun();
  queue.add(["a", "b", "c", "d"].map(task));
  expect(phases()).toEqual(["a sending", "b sending", "c queued", "d queued"]);
  tells.get("b")?.({ phase: "checking" });
  expect(phases()[2]).toBe("c queued");
  tells.get("b")?.({ phase: "stored", datasetId: "d1" });
  expect(phases()).toEqual(["a sending", "b stored", "c sending", "d queued"]);
  expect(onStored).toHaveBeenCalledExactlyOnceWith("d1");
  tells.get("a")?.({ phase: "refused", problem: new ApiProblem(422, { type: "x", title: "X", status: 422 }) });
  expect(phases()[3]).toBe("d sending");
});

test("a paused file makes room and takes its turn again", () => {
  const { queue, phases, key, tells } = begun();
  queue.add(["a", "b", "c"].map(task));
  queue.pause(key("a"));
  expect(phases()).toEqual(["a paused", "b sending", "c sending"]);
  queue.resume(key("a"));
  expect(phases()).toEqual(["a queued", "b sending", "c sending"]);
  tells.get("c")?.({ phase: "stored", datasetId: "d" });
  expect(phases()[0]).toBe("a sending");
});

test("a cancelled file is gone, and its late words are not heard", async () => {
  const { queue, cancelled, phases, key, tells } = begun();
  queue.add(["a", "b", "c"].map(task));
  await queue.cancel(key("a"));
  expect(cancelled).toEqual(["a"]);
  expect(phases()).toEqual(["b sending", "c sending"]);
  tells.get("a")?.({ phase: "stored", datasetId: "d" });
  expect(phases()).toEqual(["b sending", "c sending"]);
});

import { expect, test } from "vitest";

import { verdictOn } from "./verdict";

function answered(status: number, members?: object, retryAfter?: string) {
  const problem = { type: "urn:e2i:problem:x", title: "X", status, ...members };
  return { status, body: members === undefined ? "" : JSON.stringify(problem), retryAfter };
}

test("a lost connection is no refusal", async () => {
  expect(await verdictOn({ method: "PATCH", answer: undefined })).toMatchObject({ is: "temporary" });
  expect(await verdictOn({ method: "PATCH", answer: answered(0) })).toMatchObject({ is: "temporary" });
});

test("a busy platform is tried again when it says", async () => {
  const busy = await verdictOn({ method: "PATCH", answer: answered(503, { detail: "as many as possible" }, "30") });
  expect(busy).toEqual({ is: "temporary", why: "as many as possible", afterS: 30 });
  const locked = await verdictOn({ method: "HEAD", answer: answered(423) });
  expect(locked.is).toBe("temporary");
});

test("too many open uploads are told, not waited for", async () => {
  const open = await verdictOn({ method: "POST", answer: answered(429, { detail: "you have 20", open: ["a"] }, "60") });
  expect(open).toMatchObject({ is: "refused", problem: { message: "you have 20" } });
});

test("a full disk is told, not waited for", async () => {
  const full = await verdictOn({ method: "POST", answer: answered(507, { detail: "90 % of the disk" }) });
  expect(full).toMatchObject({ is: "refused", problem: { message: "90 % of the disk" } });
});

test("a refusal carries the problem", async () => {
  const refused = await verdictOn({ method: "PATCH", answer: answered(422, { detail: "line 3: no", line: 3 }) });
  expect(refused).toMatchObject({ is: "refused", problem: { status: 422, message: "line 3: no" } });
});

test("one that was refused before says why it was", async () => {
  const kept = { type: "urn:e2i:problem:not-a-table", title: "Not a table", status: 422, detail: "line 3: no" };
  const members = { type: "urn:e2i:problem:upload-refused", detail: "the bytes were no table", problem: kept };
  const again = await verdictOn({ method: "PATCH", answer: answered(410, members) });
  expect(again).toMatchObject({ is: "refused", problem: { kind: "not-a-table", message: "line 3: no" } });
});

test("an answer to HEAD has no body and does not say why", async () => {
  expect(await verdictOn({ method: "HEAD", answer: answered(410) })).toEqual({ is: "unclear" });
  expect(await verdictOn({ method: "PATCH", answer: answered(404, {}) })).toEqual({ is: "unclear" });
});

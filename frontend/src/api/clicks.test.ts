import { afterEach, expect, it, vi } from "vitest";

import type { SessionStore } from "../auth/session";
import { Clicks } from "./clicks";
import { authorizedFetch } from "./fetch";

const SHAPE = /^00-(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})-01$/;

function parts(traceparent: string | null): { trace: string; span: string } {
  const found = SHAPE.exec(traceparent ?? "")?.groups;
  if (!found) {
    throw new Error(`${traceparent ?? "nothing"} is no traceparent`);
  }
  return { trace: found["trace"] ?? "", span: found["span"] ?? "" };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it("what one click asks for is one trace, and each request a span of its own", () => {
  let now = 0;
  const clicks = new Clicks(() => now);
  clicks.listenTo(document);
  document.body.click();
  const first = parts(clicks.traceparent());
  now = 9_999;
  const second = parts(clicks.traceparent());
  expect(second.trace).toBe(first.trace);
  expect(second.span).not.toBe(first.span);
  document.body.click();
  expect(parts(clicks.traceparent()).trace).not.toBe(first.trace);
});

it("what nobody clicked for is a trace each", () => {
  let now = 0;
  const clicks = new Clicks(() => now);
  const unasked = [parts(clicks.traceparent()).trace, parts(clicks.traceparent()).trace];
  expect(unasked[0]).not.toBe(unasked[1]);
  clicks.begin();
  const { trace } = parts(clicks.traceparent());
  now = 10_000;
  const later = [parts(clicks.traceparent()).trace, parts(clicks.traceparent()).trace];
  expect(new Set([trace, ...later]).size).toBe(3);
});

it("a request says its trace where traces are kept, also when it is sent again, and else says none", async () => {
  const sent: (string | null)[] = [];
  const answers = [401, 200, 200];
  vi.stubGlobal("fetch", (request: Request) => {
    sent.push(request.headers.get("traceparent"));
    return Promise.resolve(new Response(null, { status: answers.shift() ?? 200 }));
  });
  const session = {
    accessToken: () => Promise.resolve("old"),
    renewed: () => Promise.resolve("new"),
  } as unknown as SessionStore;
  const clicks = new Clicks();
  clicks.begin();
  await authorizedFetch(session, clicks.traceparent)("http://localhost:3000/api/v1/thing");
  expect(sent).toHaveLength(2);
  expect(sent[1]).toBe(sent[0]);
  expect(parts(sent[0] ?? null).trace).toBe(parts(clicks.traceparent()).trace);
  await authorizedFetch(session)("http://localhost:3000/api/v1/thing");
  expect(sent[2]).toBeNull();
});

import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { openFetch } from "./openFetch";

const URL_ = "http://platform.test/api/v1/status";
let asked: (string | null)[];

/** Answers that depend on the token alone. */
function answering(status: (token: string | null) => number): void {
  vi.stubGlobal("fetch", (request: Request) => {
    const token = request.headers.get("authorization");
    asked.push(token);
    return Promise.resolve(new Response("{}", { status: status(token) }));
  });
}

beforeEach(() => {
  asked = [];
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const never = () => new Promise<undefined>(() => undefined);
const gives = (token: string | undefined) => () => Promise.resolve(token);

it("sends the token where there is one", async () => {
  answering(() => 200);
  await openFetch({ accessToken: gives("a"), renewed: never })(URL_);
  expect(asked).toEqual(["Bearer a"]);
});

it("asks as anybody while nobody can renew the session, and does not wait for it", async () => {
  answering(() => 200);
  await openFetch({ accessToken: () => Promise.reject(new Error("away")), renewed: never })(URL_);
  await openFetch({ accessToken: never, renewed: never }, 10)(URL_);
  await openFetch({ accessToken: gives(undefined), renewed: never })(URL_);
  expect(asked).toEqual([null, null, null]);
});

it("renews a refused token once, and then asks as anybody", async () => {
  answering((token) => (token === "Bearer a" ? 401 : 200));
  await openFetch({ accessToken: gives("a"), renewed: gives("b") })(URL_);
  expect(asked).toEqual(["Bearer a", "Bearer b"]);
  asked = [];
  const response = await openFetch({ accessToken: gives("a"), renewed: gives(undefined) })(URL_);
  expect(asked).toEqual(["Bearer a", null]);
  expect(response.status).toBe(200);
});

it("orders nothing without the token that was refused", async () => {
  answering(() => 401);
  const response = await openFetch({ accessToken: gives("a"), renewed: gives(undefined) })(URL_, { method: "POST" });
  expect(asked).toEqual(["Bearer a"]);
  expect(response.status).toBe(401);
});

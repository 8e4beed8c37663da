import { expect, it, vi } from "vitest";

import { patiently } from "./patiently";

const gone = new TypeError("Failed to fetch dynamically imported module");

it("waits for a platform that is away, and throws only what is missing while it answers", async () => {
  const answering = [false, false, true];
  const parts = {
    isAnswering: () => Promise.resolve(answering.shift() ?? true),
    pause: vi.fn(() => Promise.resolve()),
  };
  let loads = 0;
  const back = () => (++loads > 3 ? Promise.resolve("page") : Promise.reject(gone));
  await expect(patiently(back, parts)).resolves.toBe("page");
  expect(parts.pause).toHaveBeenCalledTimes(2);
  await expect(patiently(() => Promise.reject(gone), parts)).rejects.toBe(gone);
});

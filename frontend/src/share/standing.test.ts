import { expect, it } from "vitest";

import { type Share, standingOf } from "./standing";

it("says why a link does not work", () => {
  const now = Date.parse("2026-11-26T12:00:00Z");
  const link: Share = {
    id: "s",
    created_by: "u",
    created_at: "2026-11-25T12:00:00Z",
    expires_at: "2026-11-27T12:00:00Z",
    works: true,
  };
  expect(standingOf(link, now)).toBe("works");
  expect(standingOf({ ...link, works: false }, now)).toBe("maker-left");
  expect(standingOf({ ...link, works: false, expires_at: "2026-11-26T12:00:00Z" }, now)).toBe("expired");
  expect(standingOf({ ...link, works: false, revoked_at: "2026-11-26T10:00:00Z" }, now)).toBe("revoked");
});

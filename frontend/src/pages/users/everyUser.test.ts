import { expect, it } from "vitest";

import { type User, searchUsers } from "./everyUser";

const user = (email: string, role: User["role"] = "user", disabled = false): User => ({
  id: email,
  email,
  role,
  disabled,
  has_password: true,
  created_at: "2026-11-26T00:00:00Z",
});

it("finds people by parts of the address, by role and by being disabled", () => {
  const all = [user("ada@example.org", "admin"), user("bob@example.org"), user("eve@other.org", "user", true)];
  const found = (search: string) => searchUsers(all, search).map(({ email }) => email);
  expect(found("  ")).toHaveLength(3);
  expect(found("EXAMPLE bob")).toEqual(["bob@example.org"]);
  expect(found("admin")).toEqual(["ada@example.org"]);
  expect(found("disabled")).toEqual(["eve@other.org"]);
  expect(found("nobody")).toEqual([]);
});

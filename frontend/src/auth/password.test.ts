import { AuthApiError, AuthRetryableFetchError, AuthWeakPasswordError } from "@supabase/auth-js";
import { expect, it } from "vitest";

import { ApiProblem } from "../api/problem";
import { isLinkOver, passwordProblem } from "./passwordProblem";
import { passwordFault } from "./passwordRules";

it("knows the platform's rules", () => {
  expect(passwordFault("short")).toContain("at least 10");
  expect(passwordFault("ab".repeat(8))).toContain("repeats");
  expect(passwordFault("long enough ".repeat(20))).toContain("at most 200");
  expect(passwordFault("Ada.Lovelace@example.org", "ada.lovelace@example.org")).toContain("address");
  expect(passwordFault("ada.lovelace", "ada.lovelace@example.org")).toContain("address");
  // Characters are counted, not the units in which a browser stores them.
  expect(passwordFault("😀😁😂🤣😃")).toContain("at least 10");
  expect(passwordFault("correct horse battery", "ada@example.org")).toBeNull();
});

it("says in words why a password was not set", () => {
  const refused = (code: string, message = "x") => passwordProblem(new AuthApiError(message, 400, code));
  expect(refused("invalid_credentials")).toBe("The current password is wrong.");
  expect(refused("same_password")).toContain("the password you have");
  expect(refused("reauthentication_needed")).toContain("current password too");
  const weak = new AuthWeakPasswordError("the password has 5 characters; use at least 10", 422, []);
  expect(passwordProblem(weak)).toBe("The password has 5 characters; use at least 10.");
  expect(passwordProblem(new AuthRetryableFetchError("x", 503))).toContain("does not answer");
});

it("knows a link that is over, as the platform says it", () => {
  const body = { type: "urn:e2i:problem:link-expired", title: "Link expired", status: 403, error_code: "otp_expired" };
  const over = new ApiProblem(403, body);
  expect(isLinkOver(over)).toBe(true);
  expect(passwordProblem(over)).toContain("used already");
  expect(isLinkOver(new ApiProblem(422, { ...body, error_code: "weak_password" }))).toBe(false);
});

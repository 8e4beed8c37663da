import { expect, it } from "vitest";

import { ownPath } from "./ownPath";

it("leads back to this app alone", () => {
  expect(ownPath("/data/7?x=1#y")).toBe("/data/7?x=1#y");
  const foreign = [
    undefined,
    "",
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "/sign-in?back=/",
  ];
  for (const back of foreign) {
    expect(ownPath(back)).toBe("/");
  }
});

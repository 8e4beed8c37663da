import type { Session } from "@supabase/auth-js";
import { expect, it, vi } from "vitest";

import { onOtherPerson } from "./otherPerson";
import type { SignedIn } from "./session";

it("forgets what one person loaded when another signs in, and not when the same comes back", () => {
  let now: SignedIn = { state: "unknown" };
  let tell = () => {};
  const store = { current: () => now, subscribe: (listener: () => void) => ((tell = listener), () => true) };
  const forget = vi.fn();
  onOtherPerson(store, forget);
  const signIn = (id: string) => {
    now = { state: "in", session: { user: { id } } as Session };
    tell();
  };
  signIn("ann");
  now = { state: "out", why: "expired" };
  tell();
  signIn("ann");
  expect(forget).not.toHaveBeenCalled();
  signIn("bob");
  expect(forget).toHaveBeenCalledOnce();
});

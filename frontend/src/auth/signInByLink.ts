import type { Arrival } from "./arrival";
import type { AuthClient } from "./client";

/** Signs in by what a link of Supabase brought; gives true, or throws the refusal. */
export async function signInByLink(
  auth: AuthClient,
  arrival: Extract<Arrival, { kind: "session" | "otp" }>,
): Promise<true> {
  const { error } =
    arrival.kind === "session"
      ? await auth.setSession({ access_token: arrival.accessToken, refresh_token: arrival.refreshToken })
      : await auth.verifyOtp({ token_hash: arrival.tokenHash, type: arrival.type });
  if (error) {
    throw error;
  }
  return true;
}

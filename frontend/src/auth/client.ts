import { GoTrueClient } from "@supabase/auth-js";

import type { PublicConfig } from "../api/config";
import { exchangingFetch } from "./exchange";
import { STORAGE_KEY } from "./stored";

/** The sign-in client of Supabase, for Supabase and for this platform's own `/auth/v1` of the same shape. */
export class AuthClient extends GoTrueClient {
  /**
   * Lets the next renewal be tried at once. By itself the client answers from memory for a minute after a failure,
   * which would keep people waiting when the platform is back after a second.
   */
  forgetFailure(): void {
    this.lastRefreshFailure = null;
  }
}

/** It renews the session by itself while a tab is seen, and tells all tabs. */
export function createAuthClient(config: PublicConfig): AuthClient {
  // The local one is on this page's own address, whatever name the platform goes by.
  const url = config.auth_mode === "supabase" ? config.auth_url : `${window.location.origin}/auth/v1`;
  const key = config.supabase_anon_key;
  return new AuthClient({
    url,
    storageKey: STORAGE_KEY,
    // What links bring is taken out of the address before anything else, by `arrival.ts`.
    detectSessionInUrl: false,
    fetch: exchangingFetch({
      send: (input, init) => fetch(input, init),
      locks: (navigator as Partial<Navigator>).locks,
      shelf: window.localStorage,
    }),
    ...(key ? { headers: { apikey: key } } : {}),
  });
}

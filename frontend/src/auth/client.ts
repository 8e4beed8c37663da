import { GoTrueClient } from "@supabase/auth-js";

import type { PublicConfig } from "../api/config";

/** Where the session lies in this browser, for all tabs. */
export const STORAGE_KEY = "e2i.session";

/**
 * The sign-in client of Supabase, for Supabase and for this platform's own `/auth/v1` of the same shape.
 *
 * It refreshes the session by itself, one tab at a time, and tells all tabs.
 */
export function createAuthClient(config: PublicConfig): GoTrueClient {
  // The local one is on this page's own address, whatever name the platform goes by.
  const url = config.auth_mode === "supabase" ? config.auth_url : `${window.location.origin}/auth/v1`;
  const key = config.supabase_anon_key;
  return new GoTrueClient({
    url,
    storageKey: STORAGE_KEY,
    // Links of the local mode carry `#token=` and are accepted on their own page.
    detectSessionInUrl: config.auth_mode === "supabase",
    ...(key ? { headers: { apikey: key } } : {}),
  });
}

import type { Session } from "@supabase/auth-js";

/** Where the session lies in this browser, for all tabs. */
export const STORAGE_KEY = "e2i.session";

/** What a tab reads of it. */
export type SessionShelf = Pick<Storage, "getItem">;

/** The session as it lies there now: another tab may have renewed or ended it a moment ago. */
export function storedSession(shelf: SessionShelf = window.localStorage): Session | undefined {
  try {
    const value: unknown = JSON.parse(shelf.getItem(STORAGE_KEY) ?? "null");
    return isSession(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSession(value: unknown): value is Session {
  return typeof value === "object" && value !== null && "access_token" in value && "refresh_token" in value;
}

/** For requests while nobody can renew a session: the token that lies there, as long as it is good. */
export const storedBearer = {
  accessToken: (): Promise<string | undefined> => {
    const session = storedSession();
    const isGood = session?.expires_at !== undefined && session.expires_at * 1000 > Date.now();
    return Promise.resolve(isGood ? session.access_token : undefined);
  },
  renewed: (): Promise<undefined> => Promise.resolve(undefined),
};

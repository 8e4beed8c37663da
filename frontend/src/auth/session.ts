import type { GoTrueClient, Session } from "@supabase/auth-js";

/** Who is signed in, as far as this tab knows. */
export type SignedIn =
  | { readonly state: "unknown" }
  | { readonly state: "out"; readonly why?: "expired" }
  | { readonly state: "in"; readonly session: Session };

/** What a caller's own wish to leave looks like; anything else that ends a session is told on the sign-in page. */
type Listener = () => void;

/**
 * The session of this tab, for React (`useSyncExternalStore`) and for requests.
 *
 * The auth client keeps the tokens and refreshes them; this class says what became of them.
 */
export class SessionStore {
  #signedIn: SignedIn = { state: "unknown" };
  #leaving = false;
  readonly #listeners = new Set<Listener>();

  constructor(readonly auth: GoTrueClient) {
    auth.onAuthStateChange((_event, session) => {
      this.#set(session);
    });
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): SignedIn => this.#signedIn;

  /** An access token that is good for a while yet, or nothing when nobody is signed in. */
  async accessToken(): Promise<string | undefined> {
    const { data } = await this.auth.getSession();
    return data.session?.access_token;
  }

  /** A new access token after `refused` was not taken; nothing when the session is over. */
  async renewed(refused: string): Promise<string | undefined> {
    const { data } = await this.auth.getSession();
    if (data.session && data.session.access_token !== refused) {
      return data.session.access_token;
    }
    const { data: fresh, error } = await this.auth.refreshSession();
    if (error && error.status !== undefined && error.status < 500 && error.status !== 429) {
      await this.auth.signOut({ scope: "local" });
    }
    return fresh.session?.access_token;
  }

  /** Signs out because the person wants to; ends the session on the platform too. */
  async leave(scope: "local" | "global" = "local"): Promise<void> {
    this.#leaving = true;
    await this.auth.signOut({ scope });
  }

  #set(session: Session | null): void {
    const was = this.#signedIn.state;
    if (session) {
      this.#signedIn = { state: "in", session };
    } else if (was === "in" && !this.#leaving) {
      this.#signedIn = { state: "out", why: "expired" };
    } else if (was !== "out") {
      this.#signedIn = { state: "out" };
    }
    this.#leaving = false;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

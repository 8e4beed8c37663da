import {
  type AuthChangeEvent,
  type AuthError,
  type Session,
  isAuthRefreshDiscardedError,
  isAuthRetryableFetchError,
} from "@supabase/auth-js";

import { Unreachable } from "../api/problem";
import type { AuthClient } from "./client";
import { storedSession } from "./stored";

/** Who is signed in, as far as this tab knows. */
export type SignedIn =
  /** `away`: there is a session, but the platform does not answer and so cannot renew it. */
  | { readonly state: "unknown"; readonly away?: boolean }
  /** `left`: by their own wish, in this tab. */
  | { readonly state: "out"; readonly why?: "expired" | "left" }
  | { readonly state: "in"; readonly session: Session };

export type SignOutScope = "local" | "others" | "global";

type Listener = () => void;

/** In the tab's own storage: a reload in the moment in which the session ends must not hide that it ended. */
const WAS_IN_KEY = "e2i.was-in";

/** A request waits no longer for a renewal; the renewal itself goes on. */
const RENEWED_WITHIN_MS = 6000;
const RECOVERY_PAUSE_MS = 2000;
/** Other tabs that renew at the same moment. */
const MAX_DISCARDED = 3;

/**
 * The session of this tab, for React (`useSyncExternalStore`) and for requests.
 *
 * The auth client keeps the tokens and renews them; this class says what became of them, and sees to it that a session
 * is ended only by a clear no of the platform, never by its absence.
 */
export class SessionStore {
  #signedIn: SignedIn = { state: "unknown" };
  #leaving = false;
  #renewing: { readonly refused: string; readonly token: Promise<string | undefined> } | undefined;
  readonly #listeners = new Set<Listener>();
  /** Somebody was signed in when the page was opened, or in this tab before it was loaded anew. */
  readonly #had = storedSession() !== undefined || window.sessionStorage.getItem(WAS_IN_KEY) !== null;

  constructor(readonly auth: AuthClient) {
    auth.onAuthStateChange((event, session) => {
      this.#heard(event, session);
    });
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): SignedIn => this.#signedIn;

  /**
   * An access token that is good for a while yet, or nothing when nobody is signed in.
   *
   * @throws {@link Unreachable} when it has run out and the platform does not answer.
   */
  async accessToken(): Promise<string | undefined> {
    return (await this.#load())?.access_token;
  }

  /** A new access token after `refused` was not taken; nothing when the session is over. Once for all who ask. */
  renewed(refused: string): Promise<string | undefined> {
    if (this.#renewing?.refused !== refused) {
      const renewing = { refused, token: this.#renew(refused) };
      const done = () => {
        if (this.#renewing === renewing) {
          this.#renewing = undefined;
        }
      };
      renewing.token.then(done, done);
      this.#renewing = renewing;
    }
    return this.#renewing.token;
  }

  /** Signs out because the person wants to; ends the session on the platform too. */
  async leave(scope: SignOutScope = "local"): Promise<void> {
    this.#leaving = scope !== "others";
    const { error } = await this.auth.signOut({ scope });
    this.#leaving = false;
    if (error) {
      throw error;
    }
  }

  /** Whoever is signed in proves it once more: a new session, whose sign-in is recent, in place of this one. */
  async signInAgain(password: string): Promise<void> {
    const before = storedSession();
    const email = before?.user.email;
    if (before === undefined || email === undefined) {
      throw new Error("Nobody is signed in by an e-mail address and a password.");
    }
    const { error } = await this.auth.signInWithPassword({ email, password });
    if (error) {
      throw error;
    }
    // Should nobody hear of it, it runs out by itself.
    await this.auth.admin.signOut(before.access_token, "local").catch(() => undefined);
  }

  async #load(): Promise<Session | undefined> {
    for (let discarded = 0; discarded < MAX_DISCARDED; discarded += 1) {
      const { data, error } = await this.#soon(this.auth.getSession());
      if (data.session) {
        return data.session;
      }
      // Another tab was faster: what it got lies there now.
      if (!isAuthRefreshDiscardedError(error)) {
        throwIfAway(error);
        return undefined;
      }
    }
    return undefined;
  }

  async #renew(refused: string): Promise<string | undefined> {
    const session = await this.#load();
    if (session?.access_token !== refused) {
      return session?.access_token;
    }
    const { refresh_token } = session;
    const { data, error } = await this.#soon(this.auth.refreshSession({ refresh_token }));
    if (data.session) {
      return data.session.access_token;
    }
    if (isAuthRefreshDiscardedError(error)) {
      return (await this.#load())?.access_token;
    }
    throwIfAway(error);
    // A clear no, but perhaps to what another tab has replaced by a new sign-in.
    if (storedSession()?.access_token === refused) {
      await this.auth.signOut({ scope: "local" });
    }
    return undefined;
  }

  /** The auth client tries for half a minute before it gives up; whoever waits learns sooner that nobody answers. */
  #soon<T extends { error: AuthError | null }>(renewal: Promise<T>): Promise<T> {
    const heard = renewal.then((answer) => {
      if (isAuthRetryableFetchError(answer.error)) {
        this.auth.forgetFailure();
      }
      return answer;
    });
    return orUnreachable(heard, RENEWED_WITHIN_MS);
  }

  #heard(event: AuthChangeEvent, session: Session | null): void {
    if (event === "INITIAL_SESSION" && session === null && storedSession() !== undefined) {
      void this.#recover();
    } else {
      this.#set(session);
    }
  }

  /** There is a session that could not be renewed when the page was opened: tries until somebody answers. */
  async #recover(): Promise<void> {
    while (this.#signedIn.state === "unknown") {
      try {
        this.#set((await this.#load()) ?? null);
      } catch {
        this.#tell({ state: "unknown", away: true });
        await new Promise((resolve) => setTimeout(resolve, RECOVERY_PAUSE_MS));
      }
    }
  }

  #set(session: Session | null): void {
    const was = this.#signedIn;
    if (session) {
      this.#tell({ state: "in", session });
    } else if (this.#leaving) {
      this.#tell({ state: "out", why: "left" });
    } else if (was.state !== "out") {
      const over = was.state === "in" || this.#had;
      this.#tell(over ? { state: "out", why: "expired" } : { state: "out" });
    }
  }

  #tell(signedIn: SignedIn): void {
    this.#signedIn = signedIn;
    if (signedIn.state === "in") {
      window.sessionStorage.setItem(WAS_IN_KEY, "1");
    } else if (signedIn.state === "out") {
      window.sessionStorage.removeItem(WAS_IN_KEY);
    }
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

function throwIfAway(error: AuthError | null): void {
  if (isAuthRetryableFetchError(error)) {
    throw new Unreachable({ cause: error });
  }
}

async function orUnreachable<T>(answer: Promise<T>, withinMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Unreachable());
    }, withinMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

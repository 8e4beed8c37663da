import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { authorizedFetch } from "../api/fetch";
import { Unreachable } from "../api/problem";
import { AuthServer, EMAIL, PASSWORD, fakeLocks } from "../testing/authServer";
import { AuthClient } from "./client";
import { exchangingFetch } from "./exchange";
import { SessionStore } from "./session";
import { STORAGE_KEY, storedSession } from "./stored";

const API = "http://localhost:3000/api/v1/thing";

let server: AuthServer;
let locks: Pick<LockManager, "request"> | undefined;
const clients: AuthClient[] = [];

/** A tab of one browser: a client of its own over the shared storage. */
async function openTab() {
  const send = exchangingFetch({ send: (input, init) => server.fetch(input, init), locks, shelf: localStorage });
  const auth = new AuthClient({
    url: "http://localhost:3000/auth/v1",
    storageKey: STORAGE_KEY,
    detectSessionInUrl: false,
    fetch: send,
  });
  clients.push(auth);
  const session = new SessionStore(auth);
  await auth.initialize();
  return { session, request: authorizedFetch(session) };
}

function put(tokens: Record<string, unknown>): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify(tokens));
}

/** Signed in, with an access token that has run out. */
function putExpired(): void {
  put({ ...server.signIn(), expires_at: Math.floor(Date.now() / 1000) - 5 });
}

beforeEach(() => {
  server = new AuthServer();
  locks = fakeLocks();
  localStorage.clear();
  sessionStorage.clear();
  vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) => server.fetch(input, init));
  vi.spyOn(console, "warn").mockReturnValue();
  vi.spyOn(console, "error").mockReturnValue();
});

afterEach(async () => {
  for (const auth of clients.splice(0)) {
    await auth.stopAutoRefresh();
    await auth.dispose();
  }
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("one tab", () => {
  it("signs in, sends the token along, signs out and ends the session on the platform", async () => {
    const { session, request } = await openTab();
    await vi.waitFor(() => {
      expect(session.current()).toEqual({ state: "out" });
    });
    await session.auth.signInWithPassword({ email: EMAIL, password: PASSWORD });
    expect(session.current().state).toBe("in");
    const token = storedSession()?.access_token;
    expect((await request(API)).status).toBe(200);
    expect(server.seen).toEqual([token]);
    await session.leave();
    expect(session.current()).toEqual({ state: "out", why: "left" });
    expect((await fetch(API, { headers: { authorization: `Bearer ${token ?? ""}` } })).status).toBe(401);
  });

  it("proves once more who one is: by a new session in place of the one before, in all tabs", async () => {
    put(server.signIn());
    const { session } = await openTab();
    const other = await openTab();
    const before = storedSession()?.access_token ?? "";
    await expect(session.signInAgain("wrong")).rejects.toMatchObject({ code: "invalid_credentials" });
    expect(session.current().state).toBe("in");
    expect(storedSession()?.access_token).toBe(before);
    await session.signInAgain(PASSWORD);
    const after = storedSession()?.access_token;
    expect(after).not.toBe(before);
    expect(await session.accessToken()).toBe(after);
    expect((await fetch(API, { headers: { authorization: `Bearer ${before}` } })).status).toBe(401);
    expect((await other.request(API)).status).toBe(200);
    expect(server.seen.at(-1)).toBe(after);
  });

  it("renews a refused token once for all requests and sends each again with its body", async () => {
    put(server.signIn());
    const { session, request } = await openTab();
    server.forgetAccessTokens();
    const bodies = ["a", "b", "c", "d", "e"];
    const answers = await Promise.all(bodies.map((body) => request(API, { method: "POST", body })));
    expect(await Promise.all(answers.map(async (answer) => ((await answer.json()) as { echo: string }).echo))).toEqual(
      bodies,
    );
    expect(server.exchanges).toBe(1);
    expect(server.seen).toHaveLength(10);
    expect(session.current().state).toBe("in");
  });

  it("renews before it sends when the clock says that the token has run out", async () => {
    putExpired();
    const { request } = await openTab();
    expect((await request(API)).status).toBe(200);
    expect([server.exchanges, server.seen.length]).toEqual([1, 1]);
  });

  it("ends a session that the platform ended, and says that it is over", async () => {
    put(server.signIn());
    const { session, request } = await openTab();
    server.revoke();
    expect((await request(API)).status).toBe(401);
    expect(session.current()).toEqual({ state: "out", why: "expired" });
    expect(storedSession()).toBeUndefined();
  });

  it("says that it is over also when it had ended before the page was opened", async () => {
    putExpired();
    server.revoke();
    const { session } = await openTab();
    await vi.waitFor(() => {
      expect(session.current()).toEqual({ state: "out", why: "expired" });
    });
  });

  it("says that it is over also when the page was loaded anew in that moment", async () => {
    put(server.signIn());
    await openTab();
    localStorage.clear();
    const { session } = await openTab();
    await vi.waitFor(() => {
      expect(session.current()).toEqual({ state: "out", why: "expired" });
    });
  });

  it.each([429, 500, 503])(
    "keeps the session when renewing is answered %i, and goes on at once afterwards",
    async (status) => {
      put(server.signIn());
      const { session, request } = await openTab();
      server.forgetAccessTokens();
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      server.intercept = async (asked, answer) =>
        asked.url.includes("/token") ? Response.json({ msg: "not now" }, { status }) : answer();
      const refused = expect(request(API)).rejects.toBeInstanceOf(Unreachable);
      await vi.advanceTimersByTimeAsync(60_000);
      await refused;
      expect(session.current().state).toBe("in");
      expect(storedSession()).toBeDefined();
      server.intercept = (_, answer) => answer();
      const again = request(API);
      await vi.advanceTimersByTimeAsync(5000);
      expect((await again).status).toBe(200);
    },
  );

  it("is not signed out by opening the app while nothing answers", async () => {
    putExpired();
    let away = true;
    server.intercept = (_, answer) => (away ? Promise.reject(new TypeError("network")) : answer());
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const opened = openTab();
    await vi.advanceTimersByTimeAsync(300_000);
    const { session } = await opened;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(session.current()).toEqual({ state: "unknown", away: true });
    away = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(session.current().state).toBe("in");
  });

  it("stays signed in where signing out did not reach the platform, and says so", async () => {
    put(server.signIn());
    const { session } = await openTab();
    server.intercept = () => Promise.reject(new TypeError("network"));
    await expect(session.leave()).rejects.toThrow();
    expect(session.current().state).toBe("in");
    server.intercept = (_, answer) => answer();
    server.revoke();
    await session.renewed(storedSession()?.access_token ?? "");
    expect(session.current()).toEqual({ state: "out", why: "expired" });
  });
});

describe("several tabs", () => {
  it("exchange a refresh token once among them", async () => {
    put(server.signIn());
    const tabs = [await openTab(), await openTab(), await openTab()];
    server.forgetAccessTokens();
    const answers = await Promise.all(tabs.flatMap(({ request }) => [request(API), request(API)]));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect([server.exchanges, server.reuses]).toEqual([1, 0]);
    expect(tabs.map(({ session }) => session.current().state)).toEqual(["in", "in", "in"]);
  });

  it("wake up together with a token that ran out while they slept", async () => {
    const signedIn = server.signIn();
    put(signedIn);
    const tabs = [await openTab(), await openTab(), await openTab()];
    put({ ...signedIn, expires_at: Math.floor(Date.now() / 1000) - 3600 });
    const answers = await Promise.all(tabs.map(({ request }) => request(API)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([server.exchanges, server.reuses]).toEqual([1, 0]);
  });

  it("do not spend a token twice when one answer comes after the moment that the platform allows", async () => {
    put(server.signIn());
    const [slow, other] = [await openTab(), await openTab()];
    server.forgetAccessTokens();
    let now = Date.now();
    vi.spyOn(Date, "now").mockImplementation(() => now);
    let first = true;
    server.intercept = async (asked, answer) => {
      const response = await answer();
      if (first && asked.url.includes("/token")) {
        first = false;
        await new Promise((resolve) => setTimeout(resolve, 50));
        now += 12_000;
      }
      return response;
    };
    const answers = await Promise.all([slow.request(API), other.request(API)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect([server.exchanges, server.reuses]).toEqual([1, 0]);
  });

  it("have the platform's moment where the browser has no locks", async () => {
    locks = undefined;
    put(server.signIn());
    const tabs = [await openTab(), await openTab()];
    server.forgetAccessTokens();
    const answers = await Promise.all(tabs.map(({ request }) => request(API)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(server.reuses).toBe(0);
    expect(tabs.map(({ session }) => session.current().state)).toEqual(["in", "in"]);
  });

  it("try again in the same moment when an answer was lost", async () => {
    put(server.signIn());
    const { request } = await openTab();
    server.forgetAccessTokens();
    let lost = false;
    server.intercept = async (asked, answer) => {
      const response = await answer();
      if (!lost && asked.url.includes("/token")) {
        lost = true;
        throw new TypeError("network");
      }
      return response;
    };
    expect((await request(API)).status).toBe(200);
    expect([lost, server.reuses]).toEqual([true, 0]);
  });

  it("are all signed out when one of them leaves", async () => {
    put(server.signIn());
    const [here, there] = [await openTab(), await openTab()];
    await vi.waitFor(() => {
      expect(there.session.current().state).toBe("in");
    });
    await here.session.leave("global");
    expect(here.session.current()).toEqual({ state: "out", why: "left" });
    await vi.waitFor(() => {
      expect(there.session.current()).toEqual({ state: "out", why: "expired" });
    });
  });

  it("leave a new sign-in alone when an older session is refused late", async () => {
    put(server.signIn());
    const { session, request } = await openTab();
    server.revoke();
    server.intercept = async (asked, answer) => {
      const response = await answer();
      if (asked.url.includes("/token") && storedSession()) {
        put(server.signIn());
      }
      return response;
    };
    await request(API);
    server.intercept = (_, answer) => answer();
    expect(storedSession()).toBeDefined();
    expect((await request(API)).status).toBe(200);
    expect(session.current().state).toBe("in");
  });
});

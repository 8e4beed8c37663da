import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { jwt } from "../testing/authServer";
import { AuthClient } from "./client";
import { readArrival, takeArrival } from "./arrival";
import { signInByLink } from "./signInByLink";
import { STORAGE_KEY, storedSession } from "./stored";

const at = (path: string, mode = "local") => readArrival(new URL(path, "https://e2i.example.org"), mode);

afterEach(() => {
  sessionStorage.clear();
});

describe("what a link brings", () => {
  it("is the platform's own token, on the pages it leads to alone", () => {
    expect(at("/accept#token=abc")).toEqual({ kind: "token", token: "abc", path: "/accept" });
    expect(at("/shared#token=abc")).toEqual({ kind: "token", token: "abc", path: "/shared" });
    for (const path of ["/data#token=abc", "/accept#token=", "/accept?token=abc", "/accept?code=1", "/?error=x"]) {
      expect(at(path)).toEqual({ kind: "none" });
    }
  });

  it("is a session of Supabase, to which an invite or a recovery adds a password", () => {
    const session = "#access_token=a&refresh_token=r&expires_in=3600&token_type=bearer&type=";
    const read = (type: string) => at(`/${session}${type}`, "supabase");
    expect(read("invite")).toMatchObject({ kind: "session", accessToken: "a", purpose: "choose-password" });
    expect(read("recovery")).toMatchObject({ purpose: "choose-password" });
    expect(read("magiclink")).toMatchObject({ purpose: "sign-in" });
    expect(at(`/${session}invite`)).toEqual({ kind: "none" });
  });

  it("is a hash that Supabase verifies, a code or a refusal", () => {
    const otp = { kind: "otp", tokenHash: "h", type: "recovery", purpose: "choose-password" };
    expect(at("/accept?token_hash=h&type=recovery", "supabase")).toEqual(otp);
    expect(at("/accept?code=123", "supabase")).toEqual({ kind: "code" });
    const refused = "#error=access_denied&error_code=otp_expired&error_description=Email+link+is+invalid";
    expect(at(`/${refused}`, "supabase")).toEqual({
      kind: "refused",
      code: "otp_expired",
      words: "Email link is invalid",
    });
  });

  it("leaves no trace in the address", () => {
    window.history.replaceState(null, "", "/?x=1#access_token=a&refresh_token=r&type=invite");
    expect(takeArrival("supabase").kind).toBe("session");
    expect(window.location.href).toBe(`${window.location.origin}/accept`);
    window.history.replaceState(null, "", "/shared#token=secret");
    expect(takeArrival("local")).toMatchObject({ token: "secret" });
    expect(window.location.href).toBe(`${window.location.origin}/shared`);
    // A reload of this tab shows the analysis again; an invite's token is kept nowhere.
    expect(takeArrival("local")).toMatchObject({ token: "secret", path: "/shared" });
    window.history.replaceState(null, "", "/accept#token=invite");
    takeArrival("local");
    expect(takeArrival("local")).toEqual({ kind: "none" });
    expect(JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])).not.toContain("invite");
    window.history.replaceState(null, "", "/data?x=1#y");
    expect(takeArrival("local")).toEqual({ kind: "none" });
    expect(window.location.href).toBe(`${window.location.origin}/data?x=1#y`);
  });
});

describe("Supabase over HTTP", () => {
  const PROJECT = "https://abc.supabase.co/auth/v1";
  const user = { id: "u1", aud: "authenticated", email: "ann@example.org" };
  const token = jwt({ sub: "u1", exp: 4_000_000_000 });
  let asked: Request[];
  let auth: AuthClient;

  beforeEach(() => {
    localStorage.clear();
    asked = [];
    const send = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const request = new Request(input, init);
      asked.push(request.clone());
      const { pathname } = new URL(request.url);
      if (pathname === "/auth/v1/verify") {
        return Response.json({
          access_token: token,
          refresh_token: "r2",
          expires_in: 3600,
          token_type: "bearer",
          user,
        });
      }
      const body = request.method === "PUT" ? ((await request.json()) as { password: string }) : undefined;
      return body?.password === "short"
        ? Response.json({ code: 422, error_code: "weak_password", msg: "too short" }, { status: 422 })
        : Response.json(user);
    };
    const options = { url: PROJECT, storageKey: STORAGE_KEY, detectSessionInUrl: false, fetch: send };
    auth = new AuthClient({ ...options, headers: { apikey: "anon-key" } });
    vi.spyOn(console, "warn").mockReturnValue();
  });

  afterEach(async () => {
    await auth.stopAutoRefresh();
    await auth.dispose();
    vi.restoreAllMocks();
  });

  it("takes an invite's session over, after the project has confirmed it, and sets the password", async () => {
    await signInByLink(auth, { kind: "session", accessToken: token, refreshToken: "r1", purpose: "choose-password" });
    expect(storedSession()).toMatchObject({ access_token: token, refresh_token: "r1", user });
    const { error } = await auth.updateUser({ password: "correct horse battery" });
    expect(error).toBeNull();
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET ${PROJECT}/user`, `PUT ${PROJECT}/user`]);
    expect(asked.every(({ headers }) => headers.get("apikey") === "anon-key")).toBe(true);
    expect(asked[1]?.headers.get("authorization")).toBe(`Bearer ${token}`);
    expect((await auth.updateUser({ password: "short" })).error?.code).toBe("weak_password");
  });

  it("verifies a recovery's hash", async () => {
    await signInByLink(auth, { kind: "otp", tokenHash: "h", type: "recovery", purpose: "choose-password" });
    expect(await asked[0]?.json()).toMatchObject({ token_hash: "h", type: "recovery" });
    expect(storedSession()).toMatchObject({ refresh_token: "r2" });
  });
});

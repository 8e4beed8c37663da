/**
 * What a link brought along in the address: the secret of an invite, of a reset or of a shared analysis, or what
 * Supabase appends to its own links. It is taken out of the address (and so of the history) before anything is drawn.
 */

export type Arrival =
  /** Nothing. */
  | { readonly kind: "none" }
  /** `#token=`: a one-time link of this platform, or a shared analysis. */
  | { readonly kind: "token"; readonly token: string; readonly path: string }
  /** Supabase signed somebody in and appended the session. */
  | { readonly kind: "session"; readonly accessToken: string; readonly refreshToken: string; readonly purpose: Purpose }
  /** Supabase wants the link's hash to be verified. */
  | { readonly kind: "otp"; readonly tokenHash: string; readonly type: OtpType; readonly purpose: Purpose }
  /** A code that only the browser in which the link was asked for could exchange. */
  | { readonly kind: "code" }
  /** Supabase refused the link. */
  | { readonly kind: "refused"; readonly code: string; readonly words: string };

/** Whether a password is to be chosen, or the link signs in and that is all. */
export type Purpose = "choose-password" | "sign-in";

const OTP_TYPES = ["invite", "recovery", "magiclink", "signup", "email_change", "email"] as const;
export type OtpType = (typeof OTP_TYPES)[number];

/** The pages that a `#token=` leads to. */
const TOKEN_PATHS = ["/accept", "/shared"];

/** Reads what the address says: behind `#`, and in Supabase's mode in the query too. */
export function readArrival(url: URL, authMode: string): Arrival {
  const token = new URLSearchParams(url.hash.slice(1)).get("token");
  if (token !== null && token !== "" && TOKEN_PATHS.includes(url.pathname)) {
    return { kind: "token", token, path: url.pathname };
  }
  return authMode === "supabase" ? readSupabase(url) : { kind: "none" };
}

function readSupabase(url: URL): Arrival {
  const hash = new URLSearchParams(url.hash.slice(1));
  const said = (name: string) => hash.get(name) ?? url.searchParams.get(name) ?? "";
  const [accessToken, refreshToken] = [hash.get("access_token"), hash.get("refresh_token")];
  if (accessToken !== null && refreshToken !== null) {
    return { kind: "session", accessToken, refreshToken, purpose: purposeOf(said("type")) };
  }
  const [tokenHash, type] = [said("token_hash"), OTP_TYPES.find((known) => known === said("type"))];
  if (tokenHash !== "" && type) {
    return { kind: "otp", tokenHash, type, purpose: purposeOf(type) };
  }
  const refusal = said("error_code") || said("error");
  if (refusal !== "") {
    return { kind: "refused", code: refusal, words: said("error_description") };
  }
  return url.pathname === "/accept" && url.searchParams.has("code") ? { kind: "code" } : { kind: "none" };
}

function purposeOf(type: string): Purpose {
  return type === "invite" || type === "recovery" ? "choose-password" : "sign-in";
}

/** Where the token of a shared analysis outlives a reload of this tab, and nothing else: not the history, no other tab. */
const SHARED_KEY = "e2i.shared";

/**
 * Takes what the address brought, and leaves a clean address. What Supabase brings goes to `/accept`, whatever page its
 * site address leads to; the platform's own links lead to their own page.
 */
export function takeArrival(authMode: string): Arrival {
  const url = new URL(window.location.href);
  const arrival = readArrival(url, authMode);
  if (arrival.kind === "none") {
    const kept = url.pathname === "/shared" ? window.sessionStorage.getItem(SHARED_KEY) : null;
    return kept === null ? arrival : { kind: "token", token: kept, path: "/shared" };
  }
  const path = arrival.kind === "token" ? arrival.path : "/accept";
  if (arrival.kind === "token" && path === "/shared") {
    window.sessionStorage.setItem(SHARED_KEY, arrival.token);
  }
  window.history.replaceState(window.history.state, "", path);
  return arrival;
}

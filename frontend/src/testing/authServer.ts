/**
 * A stand-in for `/auth/v1` and one page of the API, at the level of HTTP: tokens are exchanged once, an older one ends
 * the session, as the gateway does it.
 */

interface Kept {
  readonly session: number;
  exchanged?: { readonly at: number; readonly child: string };
}

/** As the gateway's `REUSE_GRACE`. */
const GRACE_MS = 10_000;

export const EMAIL = "ann@example.org";
export const PASSWORD = "correct horse battery";

export class AuthServer {
  /** Exchanges that gave tokens, and requests of the API by the token they bore. */
  exchanges = 0;
  reuses = 0;
  readonly seen: string[] = [];
  /** Lives of access tokens from now on. */
  lifeS = 3600;
  /** Before any answer: to let it be late, fail or be lost. */
  intercept: (request: Request, answer: () => Promise<Response>) => Promise<Response> = (_, answer) => answer();

  readonly #refreshTokens = new Map<string, Kept>();
  readonly #accessTokens = new Map<string, number>();
  readonly #ended = new Set<number>();
  #made = 0;

  readonly fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    return this.intercept(request, () => this.#answer(request));
  };

  /** What signing in gives, without the client. */
  signIn(): Record<string, unknown> {
    this.#made += 1;
    return this.#tokens(this.#made);
  }

  /** Ends every session, as an admin or another machine would. */
  revoke(): void {
    for (let session = 1; session <= this.#made; session += 1) {
      this.#ended.add(session);
    }
  }

  /** Access tokens stop being taken, sessions go on: what expiry looks like to a clock that is behind. */
  forgetAccessTokens(): void {
    this.#accessTokens.clear();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/auth/v1/token") {
      const body = (await request.json()) as Record<string, string>;
      return searchParams.get("grant_type") === "password" ? this.#password(body) : this.#exchange(body);
    }
    const token = request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
    const session = this.#accessTokens.get(token);
    if (!pathname.startsWith("/auth/")) {
      this.seen.push(token);
    }
    if (session === undefined || this.#ended.has(session)) {
      return refusal(401, "bad_jwt");
    }
    if (pathname === "/auth/v1/logout") {
      this.#ended.add(session);
      return new Response(null, { status: 204 });
    }
    return pathname === "/auth/v1/user" ? Response.json(USER) : Response.json({ echo: await request.text() });
  }

  #password({ email, password }: Record<string, string>): Response {
    return email === EMAIL && password === PASSWORD
      ? Response.json(this.signIn())
      : refusal(400, "invalid_credentials");
  }

  #exchange({ refresh_token }: Record<string, string>): Response {
    const kept = this.#refreshTokens.get(refresh_token ?? "");
    if (!kept || this.#ended.has(kept.session)) {
      return refusal(400, "refresh_token_not_found");
    }
    if (!kept.exchanged) {
      const tokens = this.#tokens(kept.session);
      kept.exchanged = { at: Date.now(), child: tokens.refresh_token };
      this.exchanges += 1;
      return Response.json(tokens);
    }
    const child = this.#refreshTokens.get(kept.exchanged.child);
    if (Date.now() - kept.exchanged.at < GRACE_MS && child && !child.exchanged) {
      this.exchanges += 1;
      return Response.json({ ...this.#tokens(kept.session, kept.exchanged.child) });
    }
    this.reuses += 1;
    this.#ended.add(kept.session);
    return refusal(400, "refresh_token_already_used");
  }

  #tokens(session: number, refreshToken: string = crypto.randomUUID()) {
    const expires_at = Math.floor(Date.now() / 1000) + this.lifeS;
    const access_token = jwt({ sub: USER.id, exp: expires_at, nonce: crypto.randomUUID() });
    this.#accessTokens.set(access_token, session);
    if (!this.#refreshTokens.has(refreshToken)) {
      this.#refreshTokens.set(refreshToken, { session });
    }
    return {
      access_token,
      token_type: "bearer",
      expires_in: this.lifeS,
      expires_at,
      refresh_token: refreshToken,
      user: USER,
    };
  }
}

const USER = { id: "0190d1f4-0000-7000-8000-000000000001", aud: "authenticated", email: EMAIL };

function refusal(status: number, error_code: string): Response {
  return Response.json({ type: "about:blank", title: error_code, status, error_code, msg: error_code }, { status });
}

/** A token of the right shape; nobody verifies its signature here. */
export function jwt(claims: object): string {
  const part = (value: object) =>
    btoa(JSON.stringify(value)).replace(/=+$/, "").replace(/\+/g, "-").replace(/\//g, "_");
  return `${part({ alg: "ES256" })}.${part(claims)}.c2ln`;
}

/** The browser's locks, as far as they are used: one holder at a time. */
export function fakeLocks(): Pick<LockManager, "request"> {
  let last: Promise<unknown> = Promise.resolve();
  const request = (_name: string, callback: () => unknown) => {
    const turn = last.then(callback);
    last = turn.catch(() => undefined);
    return turn;
  };
  return { request: request as LockManager["request"] };
}

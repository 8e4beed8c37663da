import createClient, { type Client } from "openapi-fetch";

import type { paths } from "../src/api/schema";

/** Somebody who can sign in. */
export interface Person {
  readonly email: string;
  readonly password: string;
  readonly api: Client<paths>;
}

function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: the tests run by \`npm run e2e\``);
  }
  return value;
}

export function platformUrl(): string {
  return environment("E2E_URL");
}

/** The process id of `e2i up`. */
export function platformPid(): number {
  return Number(environment("E2E_PID"));
}

export async function signedIn(email: string, password: string): Promise<Person> {
  const response = await fetch(`${platformUrl()}/auth/v1/token?grant_type=password`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) {
    throw new Error(`signing in as ${email}: ${response.status} ${await response.text()}`);
  }
  const { access_token } = (await response.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  return { email, password, api: createClient<paths>({ baseUrl: platformUrl(), headers }) };
}

export function signedInAdmin(): Promise<Person> {
  return signedIn(environment("E2E_ADMIN"), environment("E2E_PASSWORD"));
}

/** A new person of their own, with an empty personal workspace. */
export async function newPerson(name: string): Promise<Person> {
  const admin = await signedInAdmin();
  const email = `${name}-${crypto.randomUUID().slice(0, 8)}@example.org`;
  const password = `correct horse ${crypto.randomUUID()}`;
  const { error } = await admin.api.POST("/api/v1/admin/users", { body: { email, password, role: "user" } });
  if (error) {
    throw new Error(`making ${email}: ${JSON.stringify(error)}`);
  }
  return signedIn(email, password);
}

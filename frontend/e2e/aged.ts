import { createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { dataFolder } from "./deployer";

const AN_HOUR_S = 3600;

/** Makes the sign-in of a page an hour old: its access token says so, signed with the platform's own key. */
export async function ageSignIn(page: Page): Promise<void> {
  const stored = await page.evaluate(() => localStorage.getItem("e2i.session") ?? "");
  const session = JSON.parse(stored) as { access_token: string };
  const aged = JSON.stringify({ ...session, access_token: agedToken(session.access_token) });
  await page.evaluate((value) => {
    localStorage.setItem("e2i.session", value);
  }, aged);
  await page.reload();
}

interface Claims {
  readonly amr: readonly { readonly method: string; readonly timestamp: number }[];
}

function agedToken(token: string): string {
  const [head = "", body = ""] = token.split(".");
  const { kid } = read(head) as { kid: string };
  const claims = read(body) as Claims;
  const amr = claims.amr.map(({ method, timestamp }) => ({ method, timestamp: timestamp - AN_HOUR_S }));
  const signed = `${head}.${Buffer.from(JSON.stringify({ ...claims, amr })).toString("base64url")}`;
  const key = createPrivateKey(readFileSync(join(dataFolder(), "keys", `${kid}.pem`)));
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

function read(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}

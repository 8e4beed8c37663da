import type { components } from "./schema";

/** What the app must know before anybody has signed in: `/config.json`. */
export type PublicConfig = components["schemas"]["PublicConfig"];

/** Asks the platform how to sign in. */
export async function fetchConfig(): Promise<PublicConfig> {
  const response = await fetch("/config.json");
  if (!response.ok) {
    throw new Error(`/config.json answered ${response.status}`);
  }
  return (await response.json()) as PublicConfig;
}

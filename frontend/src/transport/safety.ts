import type { PublicConfig } from "../api/config";

/** How the page came here: what of it is not as it should be. */
export type Concern = "plain" | "self-signed";

/** What there is to say about the way between this browser and the server; nothing when all is well. */
export function concernOf(
  location: Pick<Location, "protocol" | "hostname">,
  certificate: PublicConfig["certificate"],
): Concern | undefined {
  if (isThisMachine(location.hostname)) {
    // Nobody stands in between.
    return undefined;
  }
  if (location.protocol === "http:") {
    return "plain";
  }
  return certificate === "self_signed" ? "self-signed" : undefined;
}

function isThisMachine(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(\.\d+){3}$/.test(hostname)
  );
}

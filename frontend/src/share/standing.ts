import type { components } from "../api/schema";

export type Share = components["schemas"]["Share"];

export type ShareStanding = "works" | "revoked" | "expired" | "maker-left";

/** Whether a link works, and if not, why. */
export function standingOf(share: Share, now: number): ShareStanding {
  if (share.revoked_at) {
    return "revoked";
  }
  if (new Date(share.expires_at).getTime() <= now) {
    return "expired";
  }
  return share.works ? "works" : "maker-left";
}

export const STANDINGS: Record<ShareStanding, { readonly label: string; readonly color: string }> = {
  works: { label: "Works", color: "teal" },
  revoked: { label: "Revoked", color: "gray" },
  expired: { label: "Expired", color: "gray" },
  "maker-left": { label: "Stopped: its maker may no longer share", color: "gray" },
};

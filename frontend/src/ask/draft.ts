import { isRecord } from "./schema/jsonSchema";
import type { Values } from "./schema/values";

/** What a question is about, before anything is filled in. */
export interface DraftKey {
  readonly workspaceId: string;
  readonly agent: string;
  readonly clone: string | undefined;
}

/** Questions that were begun, kept for this tab: a reload or a session that ended loses nothing. */
function place({ workspaceId, agent, clone }: DraftKey): string {
  return `e2i.ask.${workspaceId}.${agent}.${clone ?? ""}`;
}

export function readDraft(key: DraftKey, storage: Pick<Storage, "getItem"> = sessionStorage): Values | undefined {
  try {
    const kept: unknown = JSON.parse(storage.getItem(place(key)) ?? "null");
    return isRecord(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function keepDraft(key: DraftKey, values: Values, storage: Pick<Storage, "setItem"> = sessionStorage): void {
  try {
    storage.setItem(place(key), JSON.stringify(values));
  } catch {
    // Storage that is full or switched off: the form works without.
  }
}

export function forgetDraft(key: DraftKey, storage: Pick<Storage, "removeItem"> = sessionStorage): void {
  try {
    storage.removeItem(place(key));
  } catch {
    // As above.
  }
}

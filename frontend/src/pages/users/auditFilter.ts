/** The filters of the audit log, between the address bar and the API. */

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  /** Days in the reader's zone, both included. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** What is written into the log, by the group that also finds all of it. */
export const ACTIONS: Record<string, readonly string[]> = {
  user: ["create", "change", "password", "link"],
  session: ["open", "end", "reuse"],
  key: ["announce", "promote", "retire"],
  workspace: ["create", "rename"],
  member: ["put", "remove"],
  upload: ["create", "delete"],
  dataset: ["upload", "derive", "delete"],
  analysis: ["submit", "cancel", "retry", "delete"],
  share: ["create", "open", "revoke"],
  dispatch: ["pause", "resume"],
};

/** As the API takes them: days become moments. What is no day is left out. */
export function auditQuery({ actor, action, target, since, until }: AuditFilter): Record<string, string> {
  const query = {
    actor,
    action,
    target: target?.trim(),
    since: since === undefined ? undefined : startOfDay(since, 0),
    until: until === undefined ? undefined : startOfDay(until, 1),
  };
  return Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

function startOfDay(day: string, later: number): string | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined) {
    return undefined;
  }
  const moment = new Date(year, month - 1, date + later);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** Ids cut to their first part: enough to tell them apart by eye. */
export function shortIds(text: string): string {
  return text.replace(UUID, (id) => id.slice(0, 8));
}

/** What else a line says, as "role: viewer, by: admin". */
export function detailWords(detail: unknown): string {
  if (typeof detail !== "object" || detail === null) {
    return "";
  }
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ");
}

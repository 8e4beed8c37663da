import type { components } from "../api/schema";

export type Analysis = components["schemas"]["Analysis"];
export type JobState = components["schemas"]["JobState"];

/** What the list shows. */
export interface Filter {
  readonly workspaceId: string;
  readonly state?: JobState;
  readonly agent?: string;
  readonly datasetId?: string;
}

/** The list as it stands. */
export interface Merged {
  readonly analyses: readonly Analysis[];
  /** Whether so many are new that some lie between the newest and those that were read before. */
  readonly hasGap: boolean;
}

/**
 * The newest analyses before those that were read page by page, each once, newest first.
 *
 * The pages are read once and kept up to date by what the stream tells; only the newest are read again.
 */
export function merged(newest: readonly Analysis[] | undefined, pages: readonly Analysis[], filter: Filter): Merged {
  const head = newest ?? [];
  const seen = new Set(head.map(({ id }) => id));
  const rest = pages.filter(({ id }) => !seen.has(id));
  const last = head.at(-1);
  const joins = !last || pages.length === 0 || rest.length < pages.length;
  const isSame = rest[0] !== undefined && last !== undefined && rest[0].created_at > last.created_at;
  const all = isSame ? [...head, ...rest].toSorted(newestFirst) : [...head, ...rest];
  return { analyses: all.filter((analysis) => fits(analysis, filter)), hasGap: !joins };
}

function newestFirst(left: Analysis, right: Analysis): number {
  return left.created_at < right.created_at ? 1 : left.created_at > right.created_at ? -1 : 0;
}

/** Whether it still belongs in the list: its state may have changed since it was read. */
function fits({ state }: Analysis, filter: Filter): boolean {
  return filter.state === undefined || state === filter.state;
}

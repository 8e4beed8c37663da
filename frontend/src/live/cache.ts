import type { Query, QueryClient } from "@tanstack/react-query";

import { keys } from "../api/keys";
import type { Analysis } from "./frames";
import { type Change, type Standing, type World, isEnded } from "./world";

/** Lists are read anew at most this often, however much happens. */
const LISTS_MS = 1000;

/** Brings what the query client holds up to what was told. */
export class CacheKeeper {
  #listsDue: ReturnType<typeof setTimeout> | undefined;
  /** Events after which an answer from the past was found once; it is asked again once. */
  readonly #rechecked = new Set<string>();
  readonly #unsubscribe: () => void;

  constructor(
    private readonly client: QueryClient,
    private readonly world: World,
  ) {
    this.#unsubscribe = client.getQueryCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "success") {
        this.#recheck(event.query as Query);
      }
    });
  }

  take(changes: readonly Change[]): void {
    for (const change of changes) {
      switch (change.kind) {
        case "told":
          this.#patch(change.standing.id, toldBy(change.analysis));
          this.#listsAreOld(change.isNew);
          break;
        case "state":
          this.#patch(change.standing.id, saidBy(change.standing));
          // Times, crash count and the like are not in the event.
          void this.client.invalidateQueries({ queryKey: keys.analysis(change.standing.id) });
          this.#listsAreOld(true);
          break;
        case "complete":
          this.#reconcile(change.unfinished, change.again);
          break;
        case "progress":
      }
    }
  }

  stop(): void {
    this.#unsubscribe();
    clearTimeout(this.#listsDue);
  }

  #patch(id: string, patch: Partial<Analysis>): void {
    this.client.setQueriesData<unknown>({ queryKey: keys.analyses }, (held: unknown) => patched(held, id, patch));
  }

  /**
   * What is held as unfinished and is not in a complete telling has ended while nobody listened. What is held as failed
   * or cancelled may have been tried again since, and be done; success alone is final.
   */
  #reconcile(unfinished: ReadonlySet<string>, again: boolean): void {
    const old = new Set<string>();
    for (const query of this.client.getQueryCache().findAll({ queryKey: keys.analyses })) {
      for (const analysis of analysesIn(query.state.data)) {
        const isInDoubt = isEnded(analysis.state) ? again && analysis.state !== "succeeded" : true;
        if (isInDoubt && !unfinished.has(analysis.id)) {
          old.add(analysis.id);
        }
      }
    }
    for (const id of old) {
      void this.client.invalidateQueries({ queryKey: keys.analysis(id) });
    }
    this.#listsAreOld(old.size > 0);
  }

  /** An answer that was on its way while an event came says how things stood before it. */
  #recheck(query: Query): void {
    for (const analysis of analysesIn(query.state.data)) {
      const standing = this.world.standing(analysis.id);
      if (!standing || !isBehind(analysis, standing)) {
        continue;
      }
      const moment = `${query.queryHash} ${standing.id}:${standing.attempt}-${standing.seq}`;
      if (!this.#rechecked.has(moment)) {
        this.#rechecked.add(moment);
        queueMicrotask(() => void this.client.invalidateQueries({ queryKey: query.queryKey, exact: true }));
      }
    }
  }

  #listsAreOld(are: boolean): void {
    if (!are) {
      return;
    }
    this.#listsDue ??= setTimeout(() => {
      this.#listsDue = undefined;
      void this.client.invalidateQueries({ queryKey: [...keys.analyses, "list"] });
    }, LISTS_MS);
  }
}

/** Whether an answer is older than what was told. */
export function isBehind(analysis: Analysis, { state, attempt }: Standing): boolean {
  return analysis.attempt < attempt || (analysis.attempt === attempt && isEnded(state) && !isEnded(analysis.state));
}

/** Of a snapshot all but what it does not tell: a queued one's place and expectation. */
function toldBy(analysis: Analysis): Partial<Analysis> {
  const untold = ["queue_position", "expected_start", "expected_s", "paused"];
  return Object.fromEntries(Object.entries(analysis).filter(([field]) => !untold.includes(field)));
}

function saidBy({ state, attempt, failure }: Standing): Partial<Analysis> {
  const waits =
    state === "queued" ? {} : { queue_position: null, expected_start: null, expected_s: null, paused: null };
  return { state, attempt, failure: failure ?? null, ...waits };
}

/** The same data with that analysis changed: one analysis, a page of them, or pages. The very same where it is not in it. */
export function patched(held: unknown, id: string, patch: Partial<Analysis>): unknown {
  if (isAnalysis(held)) {
    return held.id === id ? { ...held, ...patch } : held;
  }
  if (Array.isArray(held)) {
    const next = held.map((one: unknown) => patched(one, id, patch));
    return next.some((one, index) => one !== held[index]) ? next : held;
  }
  const part =
    typeof held === "object" && held !== null
      ? (["analyses", "pages"] as const).find((name) => name in held)
      : undefined;
  if (part === undefined) {
    return held;
  }
  const list = (held as Record<string, unknown>)[part];
  const next = patched(list, id, patch);
  return next === list ? held : { ...(held as object), [part]: next };
}

/** All analyses in what a query of any shape holds. */
export function analysesIn(held: unknown): Analysis[] {
  if (isAnalysis(held)) {
    return [held];
  }
  if (Array.isArray(held)) {
    return held.flatMap(analysesIn);
  }
  if (typeof held === "object" && held !== null) {
    const { analyses, pages } = held as { analyses?: unknown; pages?: unknown };
    return [analyses, pages].filter(Array.isArray).flatMap(analysesIn);
  }
  return [];
}

function isAnalysis(value: unknown): value is Analysis {
  return typeof value === "object" && value !== null && "id" in value && "state" in value && "agent_version" in value;
}

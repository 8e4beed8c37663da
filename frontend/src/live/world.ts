import type { components } from "../api/schema";
import type { Analysis, Envelope, Frame } from "./frames";

type JobState = Analysis["state"];
type Failure = components["schemas"]["Failure"];

/** How far a run is, as it was told last. */
export interface Progress {
  readonly attempt: number;
  readonly fraction: number;
  readonly step: string;
  readonly remainingS: number | undefined;
}

/** What is known of one analysis. */
export interface Standing {
  readonly id: string;
  readonly state: JobState;
  readonly attempt: number;
  /** The number of the event told last within the attempt; 0 when only a snapshot told of it. */
  readonly seq: number;
  readonly failure: Failure | undefined;
  readonly progress: Progress | undefined;
}

/** What a frame changed. */
export type Change =
  | { readonly kind: "state"; readonly standing: Standing; readonly isNew: boolean }
  | { readonly kind: "progress"; readonly standing: Standing }
  /** From Postgres: more fields than an event has. */
  | { readonly kind: "told"; readonly analysis: Analysis; readonly standing: Standing; readonly isNew: boolean }
  /**
   * All that has not ended is in `unfinished`; what else is held as unfinished must be read anew. `again`: it was told
   * before, so that something may have been missed in between, a second try from begin to end included.
   */
  | { readonly kind: "complete"; readonly unfinished: ReadonlySet<string>; readonly again: boolean };

/** Analyses that have ended are forgotten above this. */
const MAX_KNOWN = 5000;

/**
 * What the stream has told, so that every event counts once and none comes from the past.
 *
 * No input or output: frames in, changes out. Every tab has one; they hear the same frames.
 */
export class World {
  readonly #known = new Map<string, Standing>();
  #lastEventId: string | undefined;
  /** A complete snapshot was heard. */
  #isComplete = false;

  /** What to give as `Last-Event-ID`. */
  get lastEventId(): string | undefined {
    return this.#lastEventId;
  }

  standing(id: string): Standing | undefined {
    return this.#known.get(id);
  }

  /** Everything, to be told to another tab. */
  all(): Standing[] {
    return [...this.#known.values()];
  }

  hear(frame: Frame): Change[] {
    switch (frame.kind) {
      case "event":
        this.#lastEventId = frame.id || this.#lastEventId;
        return this.#event(frame.envelope);
      case "snapshot":
        return this.#snapshot(frame.analyses, frame.complete);
      case "gap":
      case "end":
      case "reconnect":
        return [];
    }
  }

  /** Takes what another tab knows, which has heard all frames until now. */
  adopt(standings: readonly Standing[], lastEventId: string | undefined): Change[] {
    const changes: Change[] = [];
    this.#lastEventId = lastEventId ?? this.#lastEventId;
    for (const theirs of standings) {
      const ours = this.#known.get(theirs.id);
      if (!ours || isLater(theirs, ours) || (isSame(theirs, ours) && theirs.state !== ours.state)) {
        this.#known.set(theirs.id, theirs);
        changes.push(
          { kind: "state", standing: theirs, isNew: !ours },
          ...(theirs.progress ? [{ kind: "progress", standing: theirs } as const] : []),
        );
      }
    }
    // Whatever the other tab has heard is in its standings: nothing was missed.
    this.#isComplete = true;
    return [...changes, this.#complete(new Set(standings.filter(isUnfinished).map(({ id }) => id)), false)];
  }

  #event(envelope: Envelope): Change[] {
    const known = this.#known.get(envelope.job);
    if (known && !isLater(envelope, known)) {
      return [];
    }
    const { job: id, attempt, seq } = envelope;
    if (envelope.event === "state") {
      const { state } = envelope;
      const progress = state === "running" && known?.attempt === attempt ? known.progress : undefined;
      const standing = { id, attempt, seq, state, failure: envelope.failure ?? undefined, progress };
      this.#remember(standing);
      return [{ kind: "state", standing, isNew: !known }];
    }
    const { fraction, step, remaining_s } = envelope;
    const progress = { attempt, fraction, step, remainingS: remaining_s ?? undefined };
    const standing: Standing = { id, attempt, seq, state: "running", failure: undefined, progress };
    this.#remember(standing);
    const told: Change = { kind: "progress", standing };
    // Progress of an attempt whose start was not heard says that it runs.
    const runs = known?.state === "running" && known.attempt === attempt;
    return runs ? [told] : [{ kind: "state", standing, isNew: !known }, told];
  }

  #snapshot(analyses: readonly Analysis[], complete: boolean): Change[] {
    const changes: Change[] = [];
    for (const analysis of analyses) {
      const known = this.#known.get(analysis.id);
      // An attempt's number never goes back, and success is final.
      if (known && (known.attempt > analysis.attempt || known.state === "succeeded")) {
        continue;
      }
      const sameAttempt = known?.attempt === analysis.attempt ? known : undefined;
      const standing: Standing = {
        id: analysis.id,
        attempt: analysis.attempt,
        seq: sameAttempt?.seq ?? 0,
        state: analysis.state,
        failure: analysis.failure ?? undefined,
        progress: analysis.state === "running" ? sameAttempt?.progress : undefined,
      };
      this.#remember(standing);
      changes.push({ kind: "told", analysis, standing, isNew: !known });
    }
    if (!complete) {
      return changes;
    }
    const again = this.#isComplete;
    this.#isComplete = true;
    return [...changes, this.#complete(new Set(analyses.map(({ id }) => id)), again)];
  }

  /** What is not in a complete telling has ended, or is not the reader's any more: how, only the API can say. */
  #complete(unfinished: ReadonlySet<string>, again: boolean): Change {
    for (const [id, standing] of this.#known) {
      if (isUnfinished(standing) && !unfinished.has(id)) {
        this.#known.delete(id);
      }
    }
    return { kind: "complete", unfinished, again };
  }

  #remember(standing: Standing): void {
    if (this.#known.size >= MAX_KNOWN && !this.#known.has(standing.id)) {
      for (const [id, known] of this.#known) {
        if (!isUnfinished(known)) {
          this.#known.delete(id);
        }
      }
    }
    this.#known.set(standing.id, standing);
  }
}

export function isEnded(state: JobState): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}

function isUnfinished({ state }: Standing): boolean {
  return !isEnded(state);
}

interface Moment {
  readonly attempt: number;
  readonly seq: number;
}

function isLater(one: Moment, other: Moment): boolean {
  return one.attempt > other.attempt || (one.attempt === other.attempt && one.seq > other.seq);
}

function isSame(one: Moment, other: Moment): boolean {
  return one.attempt === other.attempt && one.seq === other.seq;
}

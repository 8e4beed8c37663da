import { formatSeconds } from "../format";
import type {
  Check,
  CommitInfo,
  DeploymentSource,
  DeploymentState,
  Disk,
  Overview,
  PlannedService,
  ServiceChange,
  Step,
  StepState,
  StepView,
  Summary,
} from "./types";

interface StateWords {
  readonly label: string;
  readonly color: string;
  /** What it means, in a sentence. */
  readonly means: string;
}

export const STATES: Readonly<Record<DeploymentState, StateWords>> = {
  pending: { label: "Waiting", color: "gray", means: "It begins when the one that is under way has ended." },
  running: { label: "Running", color: "blue", means: "It is under way." },
  taking_back: {
    label: "Being taken back",
    color: "orange",
    means: "It went wrong; what was live before is being put back.",
  },
  live: { label: "Live", color: "teal", means: "This is what runs." },
  replaced: { label: "Replaced", color: "gray", means: "It was live; a later one is now." },
  taken_back: {
    label: "Taken back",
    color: "orange",
    means: "It went wrong and was undone: what was live before is live again.",
  },
  failed: {
    label: "Failed",
    color: "red",
    means: "It ended before it touched anything that runs: what was live stayed live.",
  },
  refused: { label: "Refused", color: "yellow", means: "It was not begun." },
  cancelled: { label: "Cancelled", color: "gray", means: "Somebody stopped it." },
  superseded: { label: "Overtaken", color: "gray", means: "A newer commit took its place before it began." },
  stuck: {
    label: "Stuck",
    color: "red",
    means: "It can neither go on nor back by itself: somebody has to look at the server.",
  },
};

/** Whether it has begun, or waits to begin, and has not ended. */
export function isUnderWay(state: DeploymentState): boolean {
  return state === "pending" || state === "running" || state === "taking_back";
}

/** Whether it is live and still takes itself back on a bad sign. */
export function isWatched(
  { state, watch_until: until }: Pick<Summary, "state" | "watch_until">,
  nowMs: number,
): boolean {
  return state === "live" && typeof until === "string" && Date.parse(until) > nowMs;
}

/** Whether its page has something to explain first. */
export function wentWrong(state: DeploymentState): boolean {
  return ["taking_back", "taken_back", "failed", "refused", "cancelled", "superseded", "stuck"].includes(state);
}

interface StepWords {
  readonly label: string;
  readonly means: string;
}

export const STEPS: Readonly<Record<Step, StepWords>> = {
  preflight: { label: "Checks", means: "disk, memory, configuration; nothing is touched yet" },
  images: { label: "Images", means: "pulled or built where they are not here yet" },
  migrate: { label: "Database", means: "migrations, run once" },
  configure: { label: "Proxy configuration", means: "nginx's files, laid beside those in use and tested" },
  workers: { label: "Workers", means: "new ones start; old ones finish what they have begun" },
  web: { label: "API and web app", means: "new ones start beside the old ones and have to be ready" },
  switch: { label: "Switch", means: "new requests go to the new ones" },
  soak: { label: "Watch for errors", means: "with the old ones still there to go back to" },
  canary: { label: "Canary", means: "an analysis with a known answer, asked from outside" },
  drain: { label: "Drain", means: "old ones end what they have begun, then stop" },
  verify: { label: "Compare", means: "what runs against what should run" },
  restore: { label: "Restore", means: "the old ones run and are ready" },
  switch_back: { label: "Switch back", means: "new requests go to the old ones" },
  wake: { label: "Wake the workers", means: "old workers take jobs again" },
  retire: { label: "Retire", means: "the new ones are stopped" },
  verify_back: { label: "Compare", means: "what runs against what ran before" },
};

export const STEP_STATES: Readonly<Record<StepState, string>> = {
  waiting: "waits",
  running: "runs",
  done: "done",
  failed: "failed",
  skipped: "skipped",
};

/** The word for a step that was not taken: nothing came so far after one that failed. */
export function untakenWord(steps: readonly StepView[], step: StepView): string {
  const failed = steps.findIndex(({ state }) => state === "failed");
  return failed !== -1 && failed < steps.indexOf(step) ? "not reached" : STEP_STATES.skipped;
}

export const CHECK_STATES: Readonly<Record<Check["state"], { readonly label: string; readonly color: string }>> = {
  pass: { label: "Well", color: "teal" },
  fail: { label: "Not well", color: "red" },
  pending: { label: "Not yet known", color: "gray" },
};

/** What each check of the health gate looks at. */
export const CHECKS: Readonly<Record<string, string>> = {
  readiness: "each new container says three times in a row that it is ready",
  revision: "each says the revision that it should run",
  "error share": "answers of the API with status 500 or more",
  restarts: "containers that were started again because they ended",
  canary: "an analysis with a known answer",
};

const SOURCES: Readonly<Record<DeploymentSource, string>> = {
  push: "a push",
  workflow_run: "CI that passed",
  reconcile: "the deployer, which found a new commit by itself",
  manual: "a person",
  adopted: "hand, before there was a deployer",
};

/** Who or what asked for it, as in "by ann@example.org". */
export function askedBy({ by, source }: Pick<Summary, "by" | "source">): string {
  return `by ${by ?? SOURCES[source]}`;
}

/** Its number, what it is and who asked for it, as in "#12, back to #10, by ann@example.org". */
export function originWords(summary: Summary): string {
  const back = typeof summary.target === "number" ? `back to #${summary.target}` : "a rollback";
  return [`#${summary.id}`, ...(summary.kind === "rollback" ? [back] : []), askedBy(summary)].join(", ");
}

/** What it is, as in "Rollback to #10". */
export function kindWords({ kind, target }: Pick<Summary, "kind" | "target">): string {
  switch (kind) {
    case "deploy":
      return "Deployment";
    case "rollback":
      return typeof target === "number" ? `Rollback to #${target}` : "Rollback";
    case "adopted":
      return "Found running";
  }
}

export const ACTIONS: Readonly<Record<ServiceChange["action"], { readonly label: string; readonly color: string }>> = {
  unchanged: { label: "left alone", color: "gray" },
  roll: { label: "replaced", color: "blue" },
  maintenance: { label: "left alone; by hand, as maintenance", color: "yellow" },
  self_update: { label: "replaces itself, last", color: "blue" },
};

export const IMAGES: Readonly<Record<PlannedService["image"], string>> = {
  present: "is here",
  pull: "has to be pulled",
  build: "has to be built",
};

export const TRIGGERS: Readonly<Record<Overview["trigger"], (branch: string) => string>> = {
  workflow_run: (branch) => `Every commit of ${branch} whose CI has passed is deployed by itself.`,
  push: (branch) => `Every push to ${branch} is deployed by itself.`,
  manual: () => "Nothing is deployed by itself: somebody has to ask for it.",
};

export const DISK_LEVELS: Readonly<Record<Disk["level"], { readonly color: string; readonly words: string }>> = {
  ok: { color: "teal", words: "There is room enough." },
  warn: { color: "yellow", words: "It is filling up: make room before uploads are refused." },
  uploads_refused: { color: "orange", words: "Too full: uploads are refused until there is room." },
  releases_refused: { color: "red", words: "Nearly full: uploads and deployments are refused until there is room." },
};

/** The first digits of a commit's or revision's id, as git shows them. */
export function short(id: string): string {
  return /^[0-9a-f]{40,64}$/u.test(id) ? id.slice(0, 12) : id;
}

/** A commit in a line. */
export function commitWords({ subject, id }: CommitInfo): string {
  return subject === "" ? short(id) : subject;
}

/** As in "3 min 20 s"; nothing while it is not known. */
export function took(seconds: number | null | undefined): string | undefined {
  return typeof seconds === "number" ? formatSeconds(seconds) : undefined;
}

/** How the branch's head stands to what is live. */
export function headWords({ head, live, running, pending, branch, pin, trigger }: Overview): string {
  if (!head) {
    return `The deployer has not looked at ${branch} yet.`;
  }
  if (head.commit === live?.commit.id) {
    return `The newest commit of ${branch} is the one that is live.`;
  }
  if (head.commit === running?.commit.id || head.commit === pending?.commit.id) {
    return `${branch} is at ${short(head.commit)}, which is on its way.`;
  }
  if (!head.considered) {
    return trigger === "manual"
      ? `${branch} is at ${short(head.commit)}, which has not been deployed.`
      : `${branch} is at ${short(head.commit)}, which has not had its turn yet.`;
  }
  return pin
    ? `${branch} is at ${short(head.commit)}, which the pin holds back.`
    : `${branch} is at ${short(head.commit)}, which was tried and is not live; it is not tried again by itself.`;
}

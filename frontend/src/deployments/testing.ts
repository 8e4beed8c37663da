import type { Deployment, Overview, Summary } from "./types";

/** A deployment for tests: live, and nothing special about it. */
export function summary(change: Partial<Summary> = {}): Summary {
  return {
    id: 12,
    kind: "deploy",
    state: "live",
    commit: { id: "a".repeat(40), subject: "Answer sooner", author: "Ann Lee", at: "2026-11-26T09:00:00Z" },
    reference: "main",
    source: "workflow_run",
    created_at: "2026-11-26T10:00:00Z",
    forced: false,
    ...change,
  };
}

export function deployment(change: Partial<Deployment> = {}): Deployment {
  return {
    ...summary(),
    steps: [],
    commits: [],
    services: [],
    gate: { checks: [] },
    can_roll_back_to: false,
    stranded_jobs: [],
    ...change,
  };
}

export function overview(change: Partial<Overview> = {}): Overview {
  return {
    live: summary(),
    paused: false,
    branch: "main",
    repository: "https://example.org/e2i.git",
    trigger: "workflow_run",
    quarantine: [],
    kept: [],
    statistics: { deployments: 1 },
    ...change,
  };
}

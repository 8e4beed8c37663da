/** The deployer's answers, as docs of its API say them. */

export type DeploymentKind = "deploy" | "rollback" | "adopted";
export type DeploymentState =
  | "pending"
  | "running"
  | "taking_back"
  | "live"
  | "replaced"
  | "taken_back"
  | "failed"
  | "refused"
  | "cancelled"
  | "superseded"
  | "stuck";
export type DeploymentSource = "push" | "workflow_run" | "reconcile" | "manual" | "adopted";
export type Step =
  | "preflight"
  | "images"
  | "migrate"
  | "configure"
  | "workers"
  | "web"
  | "switch"
  | "soak"
  | "canary"
  | "drain"
  | "verify"
  | "restore"
  | "switch_back"
  | "wake"
  | "retire"
  | "verify_back";
export type StepState = "waiting" | "running" | "done" | "failed" | "skipped";

export interface CommitInfo {
  id: string;
  subject: string;
  author: string;
  at: string;
}

export interface Summary {
  id: number;
  kind: DeploymentKind;
  state: DeploymentState;
  commit: CommitInfo;
  reference: string;
  source: DeploymentSource;
  by?: string | null;
  created_at: string;
  started_at?: string | null;
  ended_at?: string | null;
  seconds?: number | null;
  step?: Step | null;
  target?: number | null;
  previous?: number | null;
  reason?: string | null;
  forced: boolean;
  watch_until?: string | null;
}

export interface DeploymentPage {
  items: Summary[];
  next_cursor?: string | null;
}

export interface StepView {
  step: Step;
  state: StepState;
  started_at?: string | null;
  seconds?: number | null;
  detail?: string | null;
}

export interface ServiceChange {
  service: string;
  from?: string | null;
  to: string;
  action: "unchanged" | "roll" | "maintenance" | "self_update";
}

export interface Check {
  name: string;
  state: "pass" | "fail" | "pending";
  detail?: string | null;
}

export interface Deployment extends Summary {
  steps: StepView[];
  commits: CommitInfo[];
  services: ServiceChange[];
  gate: { checks: Check[] };
  diff_url?: string | null;
  can_roll_back_to: boolean;
  rollback_refusal?: string | null;
  stranded_jobs: string[];
}

export interface Disk {
  total_bytes: number;
  free_bytes: number;
  used_share: number;
  level: "ok" | "warn" | "uploads_refused" | "releases_refused";
  parts: { name: string; size_bytes: number }[];
}

export interface Statistics {
  deployments: number;
  success_share?: number | null;
  median_seconds?: number | null;
  since?: string | null;
}

export interface Quarantined {
  commit: CommitInfo;
  deployment: number;
  reason: string;
}

export interface Pin {
  deployment: number;
  by: string;
  since: string;
  reason: string;
}

export interface Overview {
  live?: Summary | null;
  running?: Summary | null;
  pending?: Summary | null;
  pin?: Pin | null;
  paused: boolean;
  stuck?: Summary | null;
  head?: { commit: string; considered: boolean; at: string } | null;
  branch: string;
  repository: string;
  trigger: "workflow_run" | "push" | "manual";
  quarantine: Quarantined[];
  kept: number[];
  disk?: Disk | null;
  statistics: Statistics;
}

export interface PlannedService extends ServiceChange {
  image: "present" | "pull" | "build";
}

export interface Plan {
  commit: CommitInfo;
  commits: CommitInfo[];
  services: PlannedService[];
  migrations: string[];
  configuration_changes: boolean;
  predicted_seconds?: number | null;
  predicted_disk_bytes?: number | null;
  refusals: string[];
  diff_url?: string | null;
}

export interface LogLine {
  seq: number;
  at: string;
  step?: Step | null;
  line: string;
}

export interface DeployRequest {
  ref: string;
  force: boolean;
  maintenance: boolean;
  note: string;
}

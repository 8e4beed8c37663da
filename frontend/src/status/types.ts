/** What the health service tells, under the names that the page uses. By crates/health/src/view.rs. */

export type PartState = "unknown" | "pass" | "warn" | "fail" | "not_configured";
export type Overall = "pass" | "warn" | "fail";
export type Unit = "count" | "seconds" | "milliseconds" | "bytes" | "share";
export type EventKind =
  | "released"
  | "release_failed"
  | "rolled_back"
  | "pinned"
  | "unpinned"
  | "certificate_renewed"
  | "incident_began"
  | "incident_ended"
  | "maintenance_began"
  | "maintenance_ended";

export interface Figure {
  name: string;
  value: number;
  unit: Unit;
}

export interface Uptime {
  h24?: number | null;
  d7?: number | null;
  d30?: number | null;
  d90?: number | null;
}

export interface Part {
  id: string;
  title: string;
  importance: "critical" | "optional";
  parents: string[];
  state: PartState;
  since: string;
  flapping: boolean;
  suppressed_by?: string | null;
  excused_by?: string | null;
  age_s?: number | null;
  latency_ms?: number | null;
  uptime: Uptime;
  words?: string | null;
  figures?: Figure[] | null;
}

export interface Incident {
  id: number;
  part: string;
  title: string;
  state: PartState;
  began_at: string;
  detected_at: string;
  ended_at?: string | null;
  detect_s: number;
  resolve_s?: number | null;
  flapping: boolean;
  affected: string[];
  cause?: string | null;
  deployment?: number | null;
  words?: string | null;
}

export interface IncidentPage {
  items: Incident[];
  next?: number | null;
}

export interface MaintenanceWindow {
  id: number;
  parts: string[];
  from: string;
  until: string;
  reason: string;
  by?: string | null;
}

export interface Deploys {
  ended: number;
  live: number;
  success_share?: number | null;
  median_s?: number | null;
}

export interface Alerts {
  channels: string[];
  waiting: number;
  waiting_words?: string | null;
  watched_from_outside: boolean;
}

export interface StatusNow {
  status: Overall;
  at: string;
  version: string;
  revision: string;
  settling_until?: string | null;
  parts: Part[];
  incidents: Incident[];
  windows: MaintenanceWindow[];
  deploys?: Deploys | null;
  alerts?: Alerts | null;
  logs_kept_days?: number | null;
}

export interface Day {
  date: string;
  up_share?: number | null;
  observed_s: number;
  down_s: number;
  warn_s: number;
  incidents: number;
}

export interface PartHistory {
  id: string;
  title: string;
  days: Day[];
}

export interface LatencyPoint {
  at: string;
  mean_ms?: number | null;
  max_ms?: number | null;
  failures: number;
  looks: number;
}

export interface Latency {
  id: string;
  step_s: number;
  points: LatencyPoint[];
}

export interface StatusEvent {
  at: string;
  kind: EventKind;
  words: string;
  part?: string | null;
  incident?: number | null;
  deployment?: number | null;
}

export interface NewWindow {
  parts: string[];
  from?: string | null;
  until: string;
  reason: string;
}

export interface AlertOutcome {
  channel: string;
  delivered: boolean;
  words: string;
}

interface Json<T> {
  content: { "application/json": T };
}

/** The endpoints, for the typed client. */
export interface StatusPaths {
  "/api/v1/status": { get: { responses: { 200: Json<StatusNow> } } };
  "/api/v1/status/history": {
    get: { parameters: { query?: { days?: number } }; responses: { 200: Json<{ parts: PartHistory[] }> } };
  };
  "/api/v1/status/parts/{id}/latency": {
    get: { parameters: { path: { id: string }; query?: { hours?: number } }; responses: { 200: Json<Latency> } };
  };
  "/api/v1/status/incidents": {
    get: { parameters: { query?: { before?: number; limit?: number } }; responses: { 200: Json<IncidentPage> } };
  };
  "/api/v1/status/timeline": {
    get: { parameters: { query?: { days?: number } }; responses: { 200: Json<{ items: StatusEvent[] }> } };
  };
  "/api/v1/status/windows": {
    post: { requestBody: Json<NewWindow>; responses: { 201: Json<MaintenanceWindow> } };
  };
  "/api/v1/status/windows/{id}": {
    delete: { parameters: { path: { id: number } }; responses: { 204: { content?: never } } };
  };
  "/api/v1/status/alerts/test": { post: { responses: { 200: Json<{ outcomes: AlertOutcome[] }> } } };
}

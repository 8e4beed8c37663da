import type { components } from "../api/schema";

type Schemas = components["schemas"];

/** What the health service tells, under the names that the page uses. */
export type StatusNow = Schemas["StatusNow"];
export type Part = Schemas["StatusPart"];
export type PartState = Schemas["StatusState"];
export type Figure = Schemas["StatusFigure"];
export type Uptime = Schemas["StatusUptime"];
export type Incident = Schemas["StatusIncident"];
export type MaintenanceWindow = Schemas["StatusWindow"];
export type NewWindow = Schemas["StatusWindowOrder"];
export type Deploys = Schemas["StatusDeploys"];
export type Alerts = Schemas["StatusAlerts"];
export type Day = Schemas["StatusDay"];
export type Latency = Schemas["StatusLatency"];
export type LatencyPoint = Schemas["StatusLatencyPoint"];
export type StatusEvent = Schemas["StatusEvent"];
export type EventKind = Schemas["StatusEventKind"];

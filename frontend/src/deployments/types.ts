import type { components } from "../api/schema";

type Schemas = components["schemas"];

/** What the deployer tells, under the names that the pages use. */
export type Summary = Schemas["DeploymentSummary"];
export type Deployment = Schemas["Deployment"];
export type DeploymentState = Schemas["DeploymentState"];
export type DeploymentSource = Schemas["DeploymentSource"];
export type CommitInfo = Schemas["CommitInfo"];
export type Step = Schemas["DeploymentStepName"];
export type StepView = Schemas["DeploymentStep"];
export type StepState = Schemas["DeploymentStepState"];
export type ServiceChange = Schemas["ServiceChange"];
export type Check = Schemas["HealthGateCheck"];
export type Overview = Schemas["DeploymentsOverview"];
export type Disk = Schemas["DiskBudget"];
export type Statistics = Schemas["DeploymentStatistics"];
export type Quarantined = Schemas["QuarantinedCommit"];
export type Plan = Schemas["DeploymentPlan"];
export type PlannedService = Schemas["PlannedService"];
export type LogLine = Schemas["DeploymentLogLine"];
export type DeployOrder = Schemas["DeployOrder"];

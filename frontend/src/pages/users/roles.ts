import type { components } from "../../api/schema";

export type PlatformRole = components["schemas"]["PlatformRole"];
export type WorkspaceRole = components["schemas"]["WorkspaceRole"];

interface Words {
  readonly label: string;
  readonly means: string;
}

/** What the roles on the platform mean. */
export const PLATFORM_ROLES: Record<PlatformRole, Words> = {
  user: { label: "User", means: "works in the workspaces they are a member of" },
  admin: { label: "Admin", means: "also manages people and dispatch, and reads the audit log" },
  canary: { label: "Canary", means: "the platform's own, which tries it after every release" },
};

/** The roles that people can be given. */
export const GIVEN_ROLES: readonly PlatformRole[] = ["user", "admin"];

interface WorkspaceWords extends Words {
  /** The same, said to whoever has the role. */
  readonly self: string;
}

/** What the roles in a workspace mean; each may do all that the ones before may. */
export const WORKSPACE_ROLES: Record<WorkspaceRole, WorkspaceWords> = {
  viewer: {
    label: "Viewer",
    means: "sees data, analyses and results; changes nothing",
    self: "You are a viewer here: you see everything and change nothing.",
  },
  analyst: {
    label: "Analyst",
    means: "also uploads data, asks questions and shares answers",
    self: "You are an analyst here: you upload data, ask questions and share answers.",
  },
  owner: {
    label: "Owner",
    means: "also adds and removes members and renames the workspace",
    self: "You are an owner here: you may do everything, and say who else works here.",
  },
};

export const WORKSPACE_ROLE_NAMES: readonly WorkspaceRole[] = ["viewer", "analyst", "owner"];

import { createContext, use } from "react";

import type { components } from "../api/schema";

export type Workspace = components["schemas"]["WorkspaceAnswer"];

/** Where the reader works now, and where else they may. */
export interface WorkspaceChoice {
  readonly workspace: Workspace;
  readonly workspaces: readonly Workspace[];
  readonly choose: (id: string) => void;
}

export const WorkspaceContext = createContext<WorkspaceChoice | undefined>(undefined);

/** The workspace that lists show and that new things go to. */
export function useWorkspace(): WorkspaceChoice {
  const choice = use(WorkspaceContext);
  if (!choice) {
    throw new Error("there is no WorkspaceContext around this component");
  }
  return choice;
}

/** Whether the reader may add and change things there. */
export function mayWrite(workspace: Workspace): boolean {
  return workspace.role !== "viewer";
}

import type { ApiProblem } from "../../api/problem";
import type { Pace } from "./pace";

/** Where a file that is being uploaded stands. */
export type UploadStatus =
  | { readonly phase: "queued" }
  | { readonly phase: "sending"; readonly sent: number; readonly pace: Pace | undefined }
  /** All bytes are there; the platform reads the table. */
  | { readonly phase: "checking" }
  | { readonly phase: "paused"; readonly sent: number }
  /** The connection was lost, or the platform has no room now; it goes on by itself. */
  | { readonly phase: "away"; readonly sent: number; readonly why: string }
  | { readonly phase: "refused"; readonly problem: ApiProblem }
  | { readonly phase: "stored"; readonly datasetId: string };

/** Whether it takes one of the places of those that run at once. */
export function isRunning({ phase }: UploadStatus): boolean {
  return phase === "sending" || phase === "checking" || phase === "away";
}

export function isOver({ phase }: UploadStatus): boolean {
  return phase === "refused" || phase === "stored";
}

/** A file to upload and where it goes. */
export interface UploadTask {
  readonly file: File;
  readonly name: string;
  readonly workspaceId: string;
  /** Which sheet of a workbook is the table, where it has several. */
  readonly sheet?: string;
}

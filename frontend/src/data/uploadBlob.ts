import type { AuthorizedFetch } from "../api/fetch";
import { toProblem } from "../api/problem";
import type { components } from "../api/schema";

export type Dataset = components["schemas"]["Dataset"];

/** What a table is called and where it goes. The next version, where the name is taken. */
export interface Destination {
  readonly name: string;
  readonly workspaceId: string;
  /** Which sheet of a workbook is the table. */
  readonly sheet?: string;
}

/** A table to send. */
export interface BlobUpload extends Destination {
  readonly blob: Blob;
  readonly signal?: AbortSignal;
}

/**
 * Sends a table in one request and gives the dataset that came of it; it is being profiled then.
 *
 * For small tables: nothing can be resumed. Files of people go through the queue of `uploads/`.
 * Throws an `ApiProblem` that says what is wrong with the table.
 */
export async function uploadBlob(fetch: AuthorizedFetch, { blob, signal, ...to }: BlobUpload): Promise<Dataset> {
  const query = new URLSearchParams({ name: to.name, workspace_id: to.workspaceId });
  if (to.sheet !== undefined) {
    query.set("sheet", to.sheet);
  }
  const response = await fetch(`/api/v1/datasets?${query.toString()}`, {
    method: "POST",
    headers: { "content-type": mediaType(blob) },
    body: blob,
    signal: signal ?? null,
  });
  if (!response.ok) {
    throw await toProblem(response);
  }
  return (await response.json()) as Dataset;
}

/** Tab-separated text says its delimiter by its type; all else is told from its bytes. */
function mediaType({ type }: Blob): string {
  return type.startsWith("text/tab-separated-values") ? "text/tab-separated-values" : "application/octet-stream";
}

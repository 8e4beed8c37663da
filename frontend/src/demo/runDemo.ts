import { type Api, body } from "../api/client";
import type { AuthorizedFetch } from "../api/fetch";
import { toProblem } from "../api/problem";
import type { components } from "../api/schema";
import { uploadBlob } from "../data/uploadBlob";
import type { Demo } from "./demos";

type Analysis = components["schemas"]["Analysis"];

/** What is being done, for a person who waits. */
export const STEPS = {
  fetching: "Getting the table",
  uploading: "Uploading it to your workspace",
  asking: "Asking the question",
} as const;

export type Step = keyof typeof STEPS;

interface Run {
  readonly demo: Demo;
  readonly workspaceId: string;
  readonly onStep: (step: Step) => void;
}

/** From the file to the running analysis. */
export async function runDemo(
  platform: { readonly fetch: AuthorizedFetch; readonly api: Api },
  { demo, workspaceId, onStep }: Run,
): Promise<Analysis> {
  onStep("fetching");
  const file = await platform.fetch(demo.file);
  if (!file.ok) {
    throw await toProblem(file);
  }
  onStep("uploading");
  const blob = await file.blob();
  const dataset = await uploadBlob(platform.fetch, { blob, name: demo.dataset, workspaceId });
  // The columns are known from now on; nobody need wait for the profile.
  onStep("asking");
  const request = { agent: demo.agent, dataset_id: dataset.id, parameters: { ...demo.parameters } };
  return body(platform.api.POST("/api/v1/analyses", { body: request }));
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { body } from "../api/client";
import { keys } from "../api/keys";
import { Unreachable, toProblem } from "../api/problem";
import { usePlatform } from "../app/platform";
import { uploadBlob } from "../data/uploadBlob";
import type { Demo } from "./demos";

/** Loads a demo's table, asks its question, and gives the analysis; `step` says in words what is being done. */
export function useDemo(workspaceId: string) {
  const { api, fetch } = usePlatform();
  const client = useQueryClient();
  const [step, setStep] = useState<string>();
  const mutation = useMutation({
    mutationFn: async (demo: Demo) => {
      setStep("Fetching the table");
      const blob = await fetchTable(demo.file);
      setStep("Uploading and checking it");
      const dataset = await uploadBlob(fetch, { blob, name: demo.dataset, workspaceId });
      setStep("Asking the question");
      const { agent, parameters } = demo;
      const submitted = { agent, parameters, dataset_id: dataset.id, workspace_id: workspaceId };
      return body(api.POST("/api/v1/analyses", { body: submitted }));
    },
    onSettled: async () => {
      setStep(undefined);
      await client.invalidateQueries({ queryKey: keys.datasets });
    },
  });
  return { ...mutation, step };
}

async function fetchTable(file: string): Promise<Blob> {
  const response = await window.fetch(file).catch((cause: unknown) => {
    throw new Unreachable({ cause });
  });
  if (!response.ok) {
    throw await toProblem(response);
  }
  return response.blob();
}

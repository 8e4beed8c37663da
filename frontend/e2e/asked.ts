import { expect } from "@playwright/test";

import type { Person } from "./api";

/** A small experiment in which the treated have about 5 more, without chance: the same at every run. */
function experiment(): string {
  const rows = Array.from({ length: 120 }, (_, row) => {
    const treated = row % 2;
    return `${treated},${20 + ((row * 7) % 13)},${10 + 5 * treated + ((row * 11) % 17) / 4}`;
  });
  return ["treated,age,sales", ...rows].join("\n");
}

/** Uploads the experiment, asks for its effect and waits for the answer; gives the analysis's id. */
export async function answeredAnalysis({ api }: Person): Promise<string> {
  const { data: dataset } = await api.POST("/api/v1/datasets", {
    params: { query: { name: "experiment" } },
    headers: { "content-type": "text/csv" },
    body: experiment() as never,
    bodySerializer: (body: unknown) => body as string,
  });
  const { data: analysis } = await api.POST("/api/v1/analyses", {
    body: {
      agent: "causal_impact",
      dataset_id: dataset?.id ?? null,
      parameters: {
        outcome: "sales",
        treatment: "treated",
        covariates: ["age"],
        design: "randomised",
        simulations: 20,
      },
    },
  });
  const id = analysis?.id ?? "";
  const state = async () => (await api.GET("/api/v1/analyses/{id}", { params: { path: { id } } })).data?.state;
  await expect.poll(state, { timeout: 45_000 }).toBe("succeeded");
  return id;
}

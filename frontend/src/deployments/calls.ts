import { type Api, body } from "../api/client";
import type { DeployOrder, DeploymentState } from "./types";

/** The deployer's API. */
export function deployerCalls(api: Api) {
  const one = (id: number) => ({ params: { path: { id } } });
  return {
    overview: () => body(api.GET("/api/v1/deployments/overview")),
    list: (limit: number, state: DeploymentState | undefined, cursor: string | undefined) => {
      const query = { limit, ...(state === undefined ? {} : { state }), ...(cursor === undefined ? {} : { cursor }) };
      return body(api.GET("/api/v1/deployments", { params: { query } }));
    },
    one: (id: number) => body(api.GET("/api/v1/deployments/{id}", one(id))),
    plan: (reference: string) => body(api.GET("/api/v1/deployments/plan", { params: { query: { ref: reference } } })),
    deploy: (order: DeployOrder) => body(api.POST("/api/v1/deployments", { body: order })),
    cancel: (id: number) => body(api.POST("/api/v1/deployments/{id}/cancel", one(id))),
    rollback: (id: number, force: boolean) =>
      body(api.POST("/api/v1/deployments/{id}/rollback", { ...one(id), body: { force } })),
    resume: () => body(api.POST("/api/v1/deployments/resume")),
    pause: (on: boolean) => body(api.POST("/api/v1/deployments/pause", { body: { on } })),
  };
}

import { body } from "../api/client";
import type { StatusPlace } from "./place";
import type { NewWindow } from "./types";

/** The health service's API. */
export function statusCalls({ api }: Pick<StatusPlace, "api">) {
  return {
    now: () => body(api.GET("/api/v1/status")),
    history: (days: number) => body(api.GET("/api/v1/status/history", { params: { query: { days } } })),
    latency: (id: string, hours: number) =>
      body(api.GET("/api/v1/status/parts/{id}/latency", { params: { path: { id }, query: { hours } } })),
    incidents: (limit: number, before: number | undefined) => {
      const query = { limit, ...(before === undefined ? {} : { before }) };
      return body(api.GET("/api/v1/status/incidents", { params: { query } }));
    },
    timeline: (days: number) => body(api.GET("/api/v1/status/timeline", { params: { query: { days } } })),
    announce: (window: NewWindow) => body(api.POST("/api/v1/status/windows", { body: window })),
    endWindow: async (id: number) => {
      await api.DELETE("/api/v1/status/windows/{id}", { params: { path: { id } } });
    },
    testAlerts: () => body(api.POST("/api/v1/status/alerts/test")),
  };
}

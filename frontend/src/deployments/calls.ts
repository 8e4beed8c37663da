import type { AuthorizedFetch } from "../api/fetch";
import { toProblem } from "../api/problem";
import type { DeployRequest, Deployment, DeploymentPage, DeploymentState, Overview, Plan, Summary } from "./types";

const ROOT = "/api/v1/deployments";

/** The deployer's API. */
export function deployerCalls(fetch: AuthorizedFetch) {
  const get = <T>(path: string) => read<T>(fetch(`${ROOT}${path}`));
  const post = <T>(path: string, content: object = {}) =>
    read<T>(
      fetch(`${ROOT}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(content),
      }),
    );
  return {
    overview: () => get<Overview>("/overview"),
    list: (limit: number, state: DeploymentState | undefined, cursor: string | undefined) => {
      const query = new URLSearchParams({ limit: String(limit) });
      if (state !== undefined) {
        query.set("state", state);
      }
      if (cursor !== undefined) {
        query.set("cursor", cursor);
      }
      return get<DeploymentPage>(`?${query}`);
    },
    one: (id: number) => get<Deployment>(`/${id}`),
    plan: (reference: string) => get<Plan>(`/plan?${new URLSearchParams({ ref: reference })}`),
    deploy: (request: DeployRequest) => post<Summary>("", request),
    cancel: (id: number) => post<Summary>(`/${id}/cancel`),
    rollback: (id: number, force: boolean) => post<Summary>(`/${id}/rollback`, { force }),
    resume: () => post<Overview>("/resume"),
    pause: (on: boolean) => post<Overview>("/pause", { on }),
  };
}

async function read<T>(answer: Promise<Response>): Promise<T> {
  const response = await answer;
  if (!response.ok) {
    throw await toProblem(response);
  }
  const text = await response.text();
  return (text === "" ? {} : JSON.parse(text)) as T;
}

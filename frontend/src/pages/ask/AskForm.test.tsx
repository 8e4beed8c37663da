import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  Outlet,
  RouterProvider,
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
} from "@tanstack/react-router";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { createApi } from "../../api/client";
import type { AuthorizedFetch } from "../../api/fetch";
import { type Platform, PlatformContext } from "../../app/platform";
import { type Workspace, WorkspaceContext } from "../../app/workspace";
import type { Agent } from "../../ask/useAgents";
import { BAKERY } from "../../ask/testing/agents";
import type { Analysis, Dataset } from "../../data/datasets";
import { AskForm } from "./AskForm";

const agent = {
  name: "bakery",
  version: 1,
  title: "Bakery",
  audience: "analysts",
  needs_dataset: true,
  parameters_schema: BAKERY,
} as unknown as Agent;

function column(name: string, type: string, values: readonly string[]) {
  const top_values = values.map((value) => ({ value, count: 50 }));
  return { name, type, missing: 0, distinct: values.length, distinct_exact: true, top_values };
}

const columns = [
  column("bread", "integer", ["1", "2", "3"]),
  column("yeasted", "text", ["no", "yes"]),
  column("rain", "integer", ["0", "1"]),
  column("street", "text", ["a", "b", "c"]),
];
const dataset = {
  id: "d1",
  workspace_id: "w1",
  name: "bakery",
  version: 1,
  state: "ready",
  rows: 100,
  schema: { columns, rows: 100 },
  profile: { columns, rows: 100, warnings: [] },
} as unknown as Dataset;

/** A platform that answers as it is told and remembers what it was asked. */
function platform(answer: (path: string) => Response) {
  const requests: { path: string; key: string | null; body: Record<string, unknown> }[] = [];
  const fetch: AuthorizedFetch = async (input) => {
    const request = input instanceof Request ? input : new Request(input);
    const path = new URL(request.url).pathname;
    const body = request.method === "POST" ? ((await request.json()) as Record<string, unknown>) : {};
    requests.push({ path, key: request.headers.get("idempotency-key"), body });
    return answer(path);
  };
  return { platform: { fetch, api: createApi(fetch) } as unknown as Platform, requests };
}

const EXPECTATION = { fits: true, advice: [], by_step: [], memory_limit_bytes: 1, seconds_limit: 60, seconds: 3 };

function show(made: Platform, earlier?: Analysis) {
  const root = createRootRoute({ component: Outlet });
  const workspace = { id: "w1", name: "w", role: "owner" } as Workspace;
  const ask = createRoute({
    getParentRoute: () => root,
    path: "/ask",
    component: () => <AskForm agent={agent} dataset={dataset} earlier={earlier} />,
  });
  const analysis = createRoute({ getParentRoute: () => root, path: "/analyses/$id", component: () => "the analysis" });
  const router = createRouter({
    routeTree: root.addChildren([ask, analysis]),
    history: createMemoryHistory({ initialEntries: ["/ask"] }),
  });
  const choose = () => undefined;
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <PlatformContext value={made}>
      <QueryClientProvider client={client}>
        <MantineProvider env="test">
          <WorkspaceContext value={{ workspace, workspaces: [workspace], choose }}>
            <RouterProvider router={router as never} />
          </WorkspaceContext>
        </MantineProvider>
      </QueryClientProvider>
    </PlatformContext>,
  );
}

beforeEach(() => {
  sessionStorage.clear();
  vi.stubGlobal("scrollTo", () => undefined);
  Element.prototype.scrollIntoView = () => undefined;
});

async function pick(label: RegExp, option: RegExp) {
  await userEvent.click(screen.getByRole("combobox", { name: label }));
  const list = await screen.findByRole("listbox", { name: label });
  await userEvent.click(within(list).getByRole("option", { name: option }));
}

test("the form of an agent that nobody has heard of asks, checks, sends and leads on", async () => {
  const { platform: made, requests } = platform((path) =>
    path.endsWith("/expectation")
      ? Response.json(EXPECTATION)
      : Response.json({ id: "a1", state: "queued", agent_version: 1 }, { status: 202 }),
  );
  show(made);
  await userEvent.click(await screen.findByRole("button", { name: "Start the analysis" }));
  expect(requests).toEqual([]);
  expect(screen.getAllByText(/Choose a column/u).length).toBeGreaterThan(0);

  await pick(/^Loaves/u, /bread/u);
  await pick(/^Yeast/u, /yeasted/u);
  await pick(/Value that means yeast/u, /^yes/u);
  await pick(/^Weather/u, /rain/u);
  await userEvent.type(screen.getByRole("textbox", { name: /^Oven load/u }), "30");
  expect(screen.getAllByText(/Give a whole number from 2 to 12/u).length).toBeGreaterThan(0);
  await userEvent.clear(screen.getByRole("textbox", { name: /^Oven load/u }));
  await userEvent.type(screen.getByRole("textbox", { name: /^Oven load/u }), "4");
  await pick(/^Kind/u, /Egg/u);
  await userEvent.type(screen.getByRole("textbox", { name: /^Eggs/u }), "2");
  expect(await screen.findByText("Did yeasted move bread?")).toBeTruthy();
  expect(await screen.findByText(/Takes about 3 s/u)).toBeTruthy();

  await userEvent.click(screen.getByRole("button", { name: "Start the analysis" }));
  await screen.findByText("the analysis");
  const sent = requests.at(-1);
  expect(sent?.path).toBe("/api/v1/analyses");
  expect(sent?.key).toMatch(/^[0-9a-f]{32}$/u);
  expect(sent?.body).toEqual({
    agent: "bakery",
    dataset_id: "d1",
    parameters: {
      loaves: "bread",
      yeast: "yeasted",
      yeast_value: "yes",
      weather: ["rain"],
      oven_load: 4,
      glaze: { kind: "egg", eggs: 2 },
    },
  });
}, 30_000);

const earlier = {
  id: "old",
  agent: "bakery",
  agent_version: 1,
  dataset_id: "d1",
  created_at: "2026-01-01T00:00:00Z",
  parameters: { loaves: "bread", yeast: "salt", weather: ["rain", "snow"], oven_load: 4, glaze: { kind: "none" } },
} as unknown as Analysis;

test("a clone is filled in, columns that are gone are named, a refusal stands at its field", async () => {
  const errors = [{ pointer: "/parameters/weather/0", detail: "`rain` is out of season" }];
  const problem = { type: "urn:e2i:problem:invalid-parameters", title: "Invalid", status: 422, detail: "no", errors };
  const { platform: made } = platform((path) =>
    path.endsWith("/expectation") ? Response.json(problem, { status: 422 }) : Response.json(dataset),
  );
  show(made, earlier);
  expect(await screen.findByText("salt (Yeast)")).toBeTruthy();
  expect(screen.getByText("snow (Weather)")).toBeTruthy();
  expect(screen.getAllByDisplayValue("bread").length).toBeGreaterThan(0);
  await waitFor(() => {
    expect(screen.getByText(/“rain” is out of season/u)).toBeTruthy();
  });
  await userEvent.click(screen.getByRole("button", { name: "Start the analysis" }));
  await waitFor(() => {
    expect(screen.getAllByText(/“rain” is out of season/u)).toHaveLength(2);
  });
}, 30_000);

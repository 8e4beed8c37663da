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
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { AuthError } from "@supabase/auth-js";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";

import { createApi } from "../../api/client";
import type { AuthorizedFetch } from "../../api/fetch";
import { keys } from "../../api/keys";
import { type Platform, PlatformContext } from "../../app/platform";
import { deployment, summary } from "../../deployments/testing";
import type { Plan } from "../../deployments/types";
import { DeployerOnly } from "./DeployerOnly";
import { PlanDialog } from "./PlanDialog";
import { RollbackDialog } from "./RollbackDialog";

function problem(status: number, kind: string, more: object = {}): Response {
  const body = { type: `urn:e2i:problem:${kind}`, title: kind, status, detail: `${kind}.`, ...more };
  return Response.json(body, { status });
}

const FRESH = () => problem(403, "fresh-sign-in-required");
const BEGUN = () => Response.json(summary({ id: 14, kind: "rollback", target: 10 }), { status: 202 });

/** A platform whose deployer answers orders in turn, and remembers them. */
function platform(answers: (() => Response)[], { deployments = true, role = "admin" } = {}) {
  const orders: string[] = [];
  const fetch: AuthorizedFetch = async (input, init) => {
    const request = new Request(input, init);
    orders.push(`${new URL(request.url).pathname} ${await request.text()}`);
    return answers.shift()?.() ?? problem(500, "internal");
  };
  const signInAgain = vi.fn((password: string) =>
    password === "right" ? Promise.resolve() : Promise.reject(new AuthError("no", 400, "invalid_credentials")),
  );
  const made = { fetch, api: createApi(fetch), session: { signInAgain }, config: { deployments } };
  return { platform: made as unknown as Platform, orders, signInAgain, role };
}

function show(made: ReturnType<typeof platform>, content: ReactNode) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  client.setQueryData(keys.account, { id: "u", email: "ann@example.org", role: made.role, workspaces: [] });
  const root = createRootRoute({ component: Outlet });
  const page = createRoute({ getParentRoute: () => root, path: "/", component: () => content });
  const one = createRoute({ getParentRoute: () => root, path: "/deployments/$id", component: () => "the deployment" });
  const router = createRouter({ routeTree: root.addChildren([page, one]), history: createMemoryHistory() });
  render(
    <PlatformContext value={made.platform}>
      <QueryClientProvider client={client}>
        <MantineProvider env="test">
          <RouterProvider router={router as never} />
        </MantineProvider>
      </QueryClientProvider>
    </PlatformContext>,
  );
  return router;
}

const dialog = (change: Parameters<typeof deployment>[0]) => (
  <RollbackDialog target={deployment({ id: 10, state: "replaced", ...change })} opened onClose={vi.fn()} />
);

test("a rollback that wants a fresh sign-in asks for the password and is given again by itself", async () => {
  const made = platform([FRESH, BEGUN]);
  const router = show(made, dialog({ can_roll_back_to: true }));
  await userEvent.click(await screen.findByRole("button", { name: "Roll back to #10" }));
  const password = await screen.findByLabelText(/Password/);
  expect(document.activeElement).toBe(password);
  await userEvent.type(password, "wrong{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("password is wrong");
  expect(made.orders).toHaveLength(1);
  await userEvent.clear(password);
  await userEvent.type(password, "right{Enter}");
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/deployments/14");
  });
  expect(made.orders).toEqual(Array(2).fill(`/api/v1/deployments/10/rollback {"force":false}`));
});

test("the first thing in the dialog is to do nothing", async () => {
  show(platform([]), dialog({ can_roll_back_to: true }));
  const nothing = await screen.findByRole("button", { name: "Do nothing" });
  await waitFor(() => {
    expect(document.activeElement).toBe(nothing);
  });
});

test("a rollback that the database stands against is forced only by typing its number", async () => {
  const stranded_jobs = ["causal_impact 2: 3 jobs"];
  const made = platform([() => problem(409, "schema-too-new", { stranded_jobs }), BEGUN]);
  const router = show(made, dialog({ can_roll_back_to: true }));
  await userEvent.click(await screen.findByRole("button", { name: "Roll back to #10" }));
  expect(await screen.findByText("causal_impact 2: 3 jobs")).toBeDefined();
  expect(screen.getByRole("button", { name: "Roll back to #10" })).toHaveProperty("disabled", true);
  await userEvent.click(screen.getByRole("checkbox", { name: "Roll back all the same" }));
  const force = screen.getByRole("button", { name: "Roll back to #10 by force" });
  expect(force).toHaveProperty("disabled", true);
  await userEvent.type(screen.getByRole("textbox", { name: "Type 10 to confirm" }), "10");
  await userEvent.click(force);
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/deployments/14");
  });
  expect(made.orders[1]).toBe(`/api/v1/deployments/10/rollback {"force":true}`);
});

test("jobs that would wait are confirmed, not forced", async () => {
  const made = platform([BEGUN]);
  show(made, dialog({ can_roll_back_to: true, stranded_jobs: ["causal_impact 2: 3 jobs"] }));
  const order = await screen.findByRole("button", { name: "Roll back to #10" });
  expect(order).toHaveProperty("disabled", true);
  await userEvent.type(screen.getByRole("textbox", { name: "Type 10 to confirm" }), "#10");
  await userEvent.click(order);
  await waitFor(() => {
    expect(made.orders).toEqual([`/api/v1/deployments/10/rollback {"force":false}`]);
  });
});

const PLAN: Plan = {
  commit: { id: "b".repeat(40), subject: "Answer at once", author: "Bob Quist", at: "2026-11-26T09:00:00Z" },
  commits: [],
  services: [
    { service: "gateway", from: "a".repeat(40), to: "b".repeat(40), action: "roll", image: "build" },
    { service: "nginx", from: "a".repeat(40), to: "b".repeat(40), action: "maintenance", image: "build" },
  ],
  migrations: ["20261126060000_mlflow_runs"],
  configuration_changes: false,
  predicted_seconds: 95,
  predicted_disk_bytes: 0,
  refusals: [],
};

test("a deploy shows what it would do, and orders the commit that was shown", async () => {
  const made = platform([() => Response.json(PLAN), BEGUN]);
  const router = show(made, <PlanDialog branch="main" opened onClose={vi.fn()} />);
  expect(await screen.findByText("1 min 35 s")).toBeDefined();
  expect(screen.getByText("20261126060000_mlflow_runs")).toBeDefined();
  expect(screen.getByText("nothing: every image is here")).toBeDefined();
  await userEvent.type(screen.getByRole("textbox", { name: "Note" }), "by hand");
  expect(screen.getByText("left alone; by hand, as maintenance")).toBeDefined();
  expect(screen.queryByRole("checkbox")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Deploy" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/deployments/14");
  });
  const order = { ref: PLAN.commit.id, force: false, note: "by hand" };
  expect(made.orders).toEqual(["/api/v1/deployments/plan ", `/api/v1/deployments ${JSON.stringify(order)}`]);
});

test("a deploy that would be refused says why, and is only ordered by force", async () => {
  const made = platform([() => Response.json({ ...PLAN, refusals: ["the disk is 91 % full"] }), BEGUN]);
  show(made, <PlanDialog branch="main" opened onClose={vi.fn()} />);
  expect((await screen.findByRole("alert")).textContent).toContain("the disk is 91 % full");
  expect(screen.getByRole("button", { name: "Deploy" })).toHaveProperty("disabled", true);
  await userEvent.click(screen.getByRole("checkbox", { name: "Try it all the same" }));
  await userEvent.click(screen.getByRole("button", { name: "Deploy by force" }));
  await waitFor(() => {
    expect(made.orders[1]).toContain(`"force":true`);
  });
});

test("the page is for admins, and says where there is no deployer", async () => {
  show(platform([], { role: "user" }), <DeployerOnly title="Deployments">all</DeployerOnly>);
  expect(await screen.findByRole("heading", { name: "This page is for admins" })).toBeDefined();
  show(platform([], { deployments: false }), <DeployerOnly title="Deployments">all</DeployerOnly>);
  expect(await screen.findByRole("heading", { name: "There is no deployer here" })).toBeDefined();
  expect(screen.queryByText("all")).toBeNull();
});

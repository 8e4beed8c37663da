import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import { createApi } from "../../api/client";
import type { AuthorizedFetch } from "../../api/fetch";
import { StatusPlaceContext } from "../../status/place";
import { day, incident, part, platformParts, postgresDown, statusNow } from "../../status/testing";
import type { StatusNow } from "../../status/types";
import { StatusPage } from "./StatusPage";

const ALERTS = { channels: ["slack", "mail"], waiting: 0, watched_from_outside: true };

/** A health service by its paths, which remembers what it was ordered. */
function health(now: () => StatusNow | undefined, more: Readonly<Record<string, unknown>> = {}) {
  const orders: string[] = [];
  const answers: Readonly<Record<string, unknown>> = {
    "/api/v1/status/history": { parts: [{ id: "postgres", title: "Postgres", days: [day("2026-11-26")] }] },
    "/api/v1/status/incidents": { items: [], next: null },
    "/api/v1/status/timeline": { items: [] },
    ...more,
  };
  const fetch: AuthorizedFetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    if (request.method !== "GET") {
      orders.push(`${request.method} ${pathname} ${await request.text()}`);
    }
    if (request.method === "DELETE") {
      return new Response(null, { status: 204 });
    }
    const answer = pathname === "/api/v1/status" ? now() : answers[pathname];
    const away = { type: "urn:e2i:problem:unavailable", title: "Bad gateway", status: 502, detail: "Nobody answers." };
    return answer === undefined ? Response.json(away, { status: 502 }) : Response.json(answer);
  };
  return { place: { api: createApi(fetch), deployments: false }, orders };
}

function show({ place }: Pick<ReturnType<typeof health>, "place">) {
  const client = new QueryClient();
  render(
    <StatusPlaceContext value={place}>
      <QueryClientProvider client={client}>
        <MantineProvider env="test">
          <ModalsProvider>
            <StatusPage />
          </ModalsProvider>
        </MantineProvider>
      </QueryClientProvider>
    </StatusPlaceContext>,
  );
  return client;
}

test("a stranger sees states, and nothing that the answer does not have", async () => {
  show(health(() => statusNow()));
  expect(await screen.findByRole("heading", { name: "All is well" })).toBeDefined();
  expect(await screen.findByText("None since the health service first looked.")).toBeDefined();
  expect(screen.queryByRole("heading", { name: "Alerts and logs" })).toBeNull();
  expect(screen.queryByRole("heading", { name: "Maintenance" })).toBeNull();
  expect(screen.queryByRole("heading", { name: "Releases" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Announce maintenance" })).toBeNull();
});

test("the root cause stands out, and what is down because of it says so", async () => {
  const open = incident(7, { ended_at: null, resolve_s: null, cause: "red 40 s after release abc1234: roll back" });
  const now = statusNow({ status: "fail", parts: postgresDown(), incidents: [open] });
  show(health(() => now));
  expect(await screen.findByRole("heading", { name: "Postgres is down" })).toBeDefined();
  const graph = screen.getByRole("region", { name: "What stands on what" });
  expect(within(graph).getByRole("button", { name: "Postgres: down (root cause)" })).toBeDefined();
  const worker = /^Worker: down, because of postgres; stands on Postgres and Redis$/i;
  expect(within(graph).getByRole("button", { name: worker })).toBeDefined();
  const wrong = screen.getByRole("list", { name: "What is wrong now" });
  expect(wrong.textContent).toContain("Red 40 s after release abc1234: roll back");
  expect(wrong.textContent).toContain("down because of it: Gateway and Worker");
});

test("what is not set up is told as that, never as a number", async () => {
  const backup = part("backup", { title: "Last backup", state: "not_configured", words: "No backup is set up" });
  show(health(() => statusNow({ parts: [...platformParts(), backup] })));
  expect((await screen.findByText(/not configured/)).textContent).toBe(": not configured. No backup is set up");
  expect(screen.queryByRole("button", { name: /Last backup/ })).toBeNull();
});

test("a health service that does not answer is told, with what was heard last", async () => {
  let answers = true;
  const client = show(health(() => (answers ? statusNow() : undefined)));
  await screen.findByRole("heading", { name: "All is well" });
  answers = false;
  await client.refetchQueries({ queryKey: ["status", "now"] });
  expect(await screen.findByText("The health service does not answer")).toBeDefined();
  expect(screen.getByText(/What you see is from/)).toBeDefined();
  expect(screen.getByRole("heading", { name: "All is well" })).toBeDefined();
});

test("an admin tests the alerts and reads what came of each", async () => {
  const words = "Port 25 of `mail.example.org` is blocked: use 587";
  const test_ = {
    event: "test-1",
    outcomes: [
      { channel: "slack", delivered: true, words: "Slack took it", took_ms: 210 },
      { channel: "mail", delivered: false, words, took_ms: 3000 },
    ],
  };
  const made = health(() => statusNow({ alerts: ALERTS, logs_kept_days: 12.37 }), {
    "/api/v1/status/alerts/test": test_,
  });
  show(made);
  expect(await screen.findByText("12.4 days")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Send a test alert" }));
  await userEvent.click(await screen.findByRole("button", { name: "Send it" }));
  expect(await screen.findByText("Slack: delivered")).toBeDefined();
  expect(screen.getByText("Mail: not delivered")).toBeDefined();
  expect(screen.getByText(/is blocked: use 587/)).toBeDefined();
  expect(made.orders).toEqual(["POST /api/v1/status/alerts/test "]);
});

test("an admin announces maintenance, and ends what runs", async () => {
  const running = {
    id: 3,
    parts: ["gateway"],
    from: "2026-01-01T00:00:00Z",
    until: "2099-01-01T00:00:00Z",
    reason: "New disk",
  };
  const made = health(() => statusNow({ alerts: ALERTS, windows: [running] }), { "/api/v1/status/windows": running });
  show(made);
  expect(await screen.findByRole("heading", { name: "Maintenance of Gateway" })).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Announce maintenance" }));
  await userEvent.click(await screen.findByRole("button", { name: "Announce it" }));
  expect(await screen.findByText("Say what it is for.")).toBeDefined();
  expect(made.orders).toEqual([]);
  await userEvent.type(screen.getByRole("textbox", { name: "What for" }), "New memory");
  await userEvent.click(screen.getByRole("button", { name: "Announce it" }));
  await waitFor(() => {
    expect(made.orders[0]).toMatch(/^POST \/api\/v1\/status\/windows \{"parts":\[\],.*"reason":"New memory"\}$/);
  });
  await userEvent.click(await screen.findByRole("button", { name: "End it now: New disk" }));
  await userEvent.click(await screen.findByRole("button", { name: "End it now" }));
  await waitFor(() => {
    expect(made.orders[1]).toBe("DELETE /api/v1/status/windows/3 ");
  });
});

test("where no channel is set up the admin reads that nobody is told", async () => {
  show(health(() => statusNow({ alerts: { ...ALERTS, channels: [] } })));
  expect(await screen.findByText("Nobody is told when something goes down")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Send a test alert" })).toBeNull();
});

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { createApi } from "../api/client";
import type { AuthorizedFetch } from "../api/fetch";
import { Unreachable } from "../api/problem";
import { type Platform, PlatformContext } from "./platform";
import WithAccount from "./WithAccount";

function show(fetch: AuthorizedFetch, without?: string): void {
  render(
    <PlatformContext value={{ api: createApi(fetch), fetch } as unknown as Platform}>
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: 1, retryDelay: 60_000 } } })}>
        <MantineProvider env="test">
          <WithAccount {...(without === undefined ? {} : { without })} />
        </MantineProvider>
      </QueryClientProvider>
    </PlatformContext>,
  );
}

test("a page that does without an account is shown as soon as the account cannot be had", async () => {
  show(() => Promise.reject(new Unreachable()), "the page");
  expect(await screen.findByText("the page")).toBeDefined();
});

test("a page that does without an account does not wait for one that never comes", async () => {
  show(() => new Promise(() => undefined), "the page");
  expect(screen.queryByText("the page")).toBeNull();
  expect(await screen.findByText("the page", {}, { timeout: 4000 })).toBeDefined();
});

test("every other page waits for its account", async () => {
  show(() => Promise.reject(new Unreachable()));
  expect(await screen.findByRole("status", { name: "Loading your account" })).toBeDefined();
});

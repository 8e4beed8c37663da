import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { PublicConfig } from "../api/config";
import { type Platform, PlatformContext } from "../app/platform";
import { TransportNotice } from "./TransportNotice";

function show(address: string, certificate: PublicConfig["certificate"]) {
  vi.stubGlobal("location", new URL(address));
  const platform = { config: { certificate } } as unknown as Platform;
  return render(
    <MantineProvider>
      <PlatformContext value={platform}>
        <TransportNotice />
      </PlatformContext>
    </MantineProvider>,
  );
}

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

describe("TransportNotice", () => {
  it("says what a self-signed certificate means and what to set", () => {
    show("https://203.0.113.7/", "self_signed");
    expect(screen.getByRole("alert").textContent).toContain("cannot tell whether it really talks to this server");
    expect(screen.getByText("DOMAIN").tagName).toBe("CODE");
  });

  it("stays away once it was hidden", async () => {
    const { unmount } = show("https://203.0.113.7/", "self_signed");
    await userEvent.click(screen.getByRole("button", { name: "Hide this notice" }));
    expect(screen.queryByRole("alert")).toBeNull();
    unmount();
    show("https://203.0.113.7/", "self_signed");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says nothing where there is nothing to say", () => {
    show("https://e2i.example.org/", "trusted");
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";

import { ApiProblem, Unreachable } from "../api/problem";
import { ConnectionNotice } from "./ConnectionNotice";

function Asks({ error, ownNotice }: { readonly error: Error; readonly ownNotice: boolean }) {
  const asked = useQuery({ queryKey: ["x"], queryFn: () => Promise.reject(error), retry: false, meta: { ownNotice } });
  return asked.isError ? "asked" : null;
}

async function isAwayTold(error: Error, ownNotice: boolean): Promise<boolean> {
  const { unmount } = render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider>
        <ConnectionNotice />
        <Asks error={error} ownNotice={ownNotice} />
      </MantineProvider>
    </QueryClientProvider>,
  );
  await waitFor(() => screen.getByText("asked"));
  const told = screen.queryByText("The platform does not answer") !== null;
  unmount();
  return told;
}

test("one service that does not answer is not taken for the platform", async () => {
  const badGateway = new ApiProblem(502, { type: "x", title: "x", status: 502 });
  expect(await isAwayTold(badGateway, false)).toBe(true);
  expect(await isAwayTold(badGateway, true)).toBe(false);
  expect(await isAwayTold(new Unreachable(), true)).toBe(true);
});

import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { onOtherPerson } from "../auth/otherPerson";
import { type Platform, PlatformContext } from "./platform";
import { createQueryClient } from "./queryClient";
import { router } from "./router";
import { cssVariables, theme } from "./theme";

export function App({ platform }: { readonly platform: Platform }) {
  const [queryClient] = useState(createQueryClient);
  useEffect(
    () =>
      onOtherPerson(platform.session, () => {
        queryClient.clear();
      }),
    [platform.session, queryClient],
  );
  return (
    <PlatformContext value={platform}>
      <QueryClientProvider client={queryClient}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
          <RouterProvider router={router} />
        </MantineProvider>
      </QueryClientProvider>
    </PlatformContext>
  );
}

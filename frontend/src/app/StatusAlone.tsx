import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";

import { storedBearer } from "../auth/stored";
import { StatusPage } from "../pages/status/StatusPage";
import { StatusPlaceContext, statusPlace } from "../status/place";
import OpenShell from "./OpenShell";
import { createQueryClient } from "./queryClient";
import { cssVariables, theme } from "./theme";

/** The Status page while the platform does not even say how to sign in: without routes, and with the token that is still there. */
export default function StatusAlone() {
  const [queryClient] = useState(createQueryClient);
  const [place] = useState(() => statusPlace(storedBearer, false));
  return (
    <StatusPlaceContext value={place}>
      <QueryClientProvider client={queryClient}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
          <OpenShell>
            <StatusPage />
          </OpenShell>
        </MantineProvider>
      </QueryClientProvider>
    </StatusPlaceContext>
  );
}

import "@mantine/core/styles.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { createApi } from "./api/client";
import { fetchConfig } from "./api/config";
import { authorizedFetch } from "./api/fetch";
import { App } from "./app/App";
import { AwayPage } from "./app/AwayPage";
import type { Platform } from "./app/platform";
import { takeArrival } from "./auth/arrival";
import { createAuthClient } from "./auth/client";
import { SessionStore } from "./auth/session";

const RETRY_MS = 2000;

const element = document.getElementById("root");
if (!element) {
  throw new Error("index.html has no #root");
}
const root = createRoot(element);
void boot();

/** Learns how to sign in, then shows the app; while the platform is away, says so and tries again. */
async function boot(): Promise<void> {
  try {
    root.render(
      <StrictMode>
        <App platform={await connect()} />
      </StrictMode>,
    );
  } catch (error) {
    console.warn(error);
    root.render(<AwayPage />);
    setTimeout(() => void boot(), RETRY_MS);
  }
}

async function connect(): Promise<Platform> {
  const config = await fetchConfig();
  const arrival = takeArrival(config.auth_mode);
  const session = new SessionStore(createAuthClient(config));
  const fetch = authorizedFetch(session);
  return { config, session, fetch, api: createApi(fetch), arrival };
}

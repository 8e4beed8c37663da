import "@mantine/core/styles.css";

import { StrictMode, Suspense, lazy } from "react";
import { createRoot } from "react-dom/client";

import { createApi } from "./api/client";
import { Clicks } from "./api/clicks";
import { fetchConfig } from "./api/config";
import { authorizedFetch } from "./api/fetch";
import { App } from "./app/App";
import { AwayPage } from "./app/AwayPage";
import type { Platform } from "./app/platform";
import { takeArrival } from "./auth/arrival";
import { createAuthClient } from "./auth/client";
import { SessionStore } from "./auth/session";

const RETRY_MS = 2000;
/** The Status page is shown without the rest of the platform when that has not answered by then. */
const STATUS_AFTER_MS = 2000;

const StatusAlone = lazy(() => import("./app/StatusAlone"));

const element = document.getElementById("root");
if (!element) {
  throw new Error("index.html has no #root");
}
const root = createRoot(element);
void boot();

/** Learns how to sign in, then shows the app; while the platform is away, says so and tries again. */
async function boot(): Promise<void> {
  const late = isStatus() ? setTimeout(showStatus, STATUS_AFTER_MS) : undefined;
  try {
    const platform = await connect();
    root.render(
      <StrictMode>
        <App platform={platform} />
      </StrictMode>,
    );
  } catch (error) {
    console.warn(error);
    if (isStatus()) {
      showStatus();
    } else {
      root.render(<AwayPage />);
    }
    setTimeout(() => void boot(), RETRY_MS);
  } finally {
    clearTimeout(late);
  }
}

/** The page that tells what is wrong does not wait for what is wrong. */
function isStatus(): boolean {
  return window.location.pathname === "/status";
}

function showStatus(): void {
  root.render(
    <Suspense fallback={<AwayPage />}>
      <StatusAlone />
    </Suspense>,
  );
}

async function connect(): Promise<Platform> {
  const config = await fetchConfig();
  const arrival = takeArrival(config.auth_mode);
  const session = new SessionStore(createAuthClient(config));
  const fetch = authorizedFetch(session, config.traces ? listening().traceparent : undefined);
  return { config, session, fetch, api: createApi(fetch), arrival };
}

/** Traces begin with what people click. */
function listening(): Clicks {
  const clicks = new Clicks();
  clicks.listenTo(window);
  return clicks;
}

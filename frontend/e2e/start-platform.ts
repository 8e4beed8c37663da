/**
 * Before all browser tests: a platform of their own, with the built app, stopped afterwards; or one that runs already, when
 * E2E_URL says where, E2E_ADMIN and E2E_PASSWORD who may (`make test-stack`).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const READY_WITHIN_MS = 90_000;
const STOPPED_WITHIN_MS = 30_000;
const POLL_MS = 100;

/** What `e2i up` writes next to its data once it is up. */
interface Running {
  readonly pid: number;
  readonly public_url: string;
  readonly admin_email: string;
  readonly admin_password_file: string;
  /** Where nginx looks for a deployer. */
  readonly deployer_port?: number | null;
}

export default async function startPlatform(): Promise<() => Promise<void>> {
  if (process.env["E2E_URL"] !== undefined) {
    return () => Promise.resolve();
  }
  const folder = mkdtempSync(join(tmpdir(), "e2i-e2e-"));
  const log: string[] = [];
  const process_ = spawn(process.env["E2I_PROGRAM"] ?? built("e2i"), ["up", "--stop-with-parent"], {
    env: { ...process.env, ...SETTINGS, E2I_LOCAL: join(folder, "local"), E2I_WEB_ROOT: builtApp() },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [process_.stdout, process_.stderr]) {
    stream.on("data", (text: Buffer) => log.push(text.toString()));
  }
  try {
    const running = await ready(process_, join(folder, "local", "platform.json"));
    process.env["E2E_URL"] = running.public_url;
    process.env["E2E_PID"] = String(running.pid);
    process.env["E2E_ADMIN"] = running.admin_email;
    process.env["E2E_PASSWORD_FILE"] = running.admin_password_file;
    if (typeof running.deployer_port === "number") {
      process.env["E2E_DEPLOYER_PORT"] = String(running.deployer_port);
    }
    process.env["E2E_PASSWORD"] = readFileSync(running.admin_password_file, "utf8").trim();
  } catch (error) {
    process_.kill("SIGKILL");
    throw new Error(`the platform did not start: ${String(error)}\n${log.join("").slice(-4000)}`);
  }
  return async () => {
    await stopped(process_);
    // For root a link: the data lie where the servers' user can reach them.
    rmSync(realpathSync(join(folder, "local", "data")), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  };
}

/** No limits that many tests from one address would meet. */
const SETTINGS = {
  // None is started; deployments.spec.ts brings one.
  DEPLOYMENTS: "on",
  JOBS_QUEUED_PER_OWNER: "20000",
  // However full the disk of this machine is.
  UPLOADS_DISK_LIMIT: "1",
  RATE_LIMIT_ADDRESS_PER_MINUTE: "0",
  RATE_LIMIT_USER_PER_MINUTE: "0",
  RATE_LIMIT_SIGN_IN_PER_MINUTE: "0",
  RATE_LIMIT_ACCOUNT_PER_HOUR: "0",
};

/** A program as `make test-web-app` builds it. */
export function built(name: string): string {
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "e2i", "target");
  const file = join(process.env["CARGO_TARGET_DIR"] ?? cache, "debug", name);
  if (!existsSync(file)) {
    throw new Error(`there is no ${file}. Type: make test-web-app`);
  }
  return file;
}

function builtApp(): string {
  const dist = join(import.meta.dirname, "..", "dist");
  if (!existsSync(join(dist, "index.html"))) {
    throw new Error(`there is no ${dist}/index.html. Type: npm --prefix frontend run build`);
  }
  return dist;
}

async function ready(started: ChildProcess, file: string): Promise<Running> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (started.exitCode !== null) {
      throw new Error(`it ended with exit code ${started.exitCode}`);
    }
    if (existsSync(file)) {
      return JSON.parse(readFileSync(file, "utf8")) as Running;
    }
    await pause(POLL_MS);
  }
  throw new Error(`it was not up within ${READY_WITHIN_MS / 1000} s`);
}

async function stopped(started: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) =>
    started.once("exit", () => {
      resolve();
    }),
  );
  started.kill("SIGTERM");
  const late = setTimeout(() => started.kill("SIGKILL"), STOPPED_WITHIN_MS);
  await ended;
  clearTimeout(late);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { platformUrl } from "./api";
import { built } from "./start-platform";

const READY_WITHIN_MS = 30_000;
const POLL_MS = 100;

/** A line of a deployment's log, as it stands in its file. */
interface Line {
  readonly seq: number;
  readonly at: string;
  readonly step: string;
  readonly line: string;
}

interface Options {
  readonly lastOne?: "under way" | "ended";
  /** Where it tells the health service what runs; nobody asks elsewhere. */
  readonly privateAddress?: string;
}

/**
 * The real deployer beside the platform, without a Docker engine: it tells and refuses. What it tells of was done by the
 * real engine with everything around it on paper.
 */
export class Deployer {
  readonly #folder = mkdtempSync(join(tmpdir(), "e2i-e2e-deployer-"));
  readonly #port: string;
  readonly #privateAddress: string;
  readonly #log: string[] = [];
  #process: ChildProcess | undefined;

  private constructor(port: string, privateAddress: string) {
    this.#port = port;
    this.#privateAddress = privateAddress;
  }

  /** Whether the platform has a place for it: not where the tests run before containers. */
  static isPossible(): boolean {
    return process.env["E2E_DEPLOYER_PORT"] !== undefined;
  }

  static async begin({ lastOne = "under way", privateAddress = "127.0.0.1:0" }: Options = {}): Promise<Deployer> {
    const deployer = new Deployer(process.env["E2E_DEPLOYER_PORT"] ?? "", privateAddress);
    await deployer.#makeHistory(lastOne);
    await deployer.start();
    return deployer;
  }

  /** Six days of releases; one that is under way stays so: its deployer is killed within its first lines. */
  async #makeHistory(lastOne: "under way" | "ended"): Promise<void> {
    const more = lastOne === "under way" ? ["--running"] : [];
    const history = spawn(built(join("examples", "paper_history")), [this.#folder, ...more], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    history.stderr.on("data", (text: Buffer) => this.#log.push(text.toString()));
    if (lastOne === "ended") {
      await this.#until(history, "the history", () => Promise.resolve(history.exitCode === 0));
      return;
    }
    let isUnderWay = false;
    history.stdout.on("data", () => (isUnderWay = true));
    await this.#until(history, "the history", () => Promise.resolve(isUnderWay && this.lines(this.#newest()) >= 3));
    const ended = new Promise((resolve) => history.once("exit", resolve));
    history.kill("SIGKILL");
    await ended;
  }

  #newest(): number {
    return Math.max(...readdirSync(join(this.#folder, "deployments")).map(Number));
  }

  async start(): Promise<void> {
    const started = spawn(built("e2i-deployer"), [], {
      env: {
        ...process.env,
        DEPLOYER_RUNTIME: "none",
        DEPLOYER_STATE_DIR: this.#folder,
        DEPLOYER_LISTEN: `127.0.0.1:${this.#port}`,
        DEPLOYER_PRIVATE_LISTEN: this.#privateAddress,
        JWKS_FILE: join(dataFolder(), "public", "jwks.json"),
        PUBLIC_URL: platformUrl(),
        RATE_LIMIT_ADDRESS_PER_MINUTE: "0",
        RATE_LIMIT_USER_PER_MINUTE: "0",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream.on("data", (text: Buffer) => this.#log.push(text.toString()));
    }
    await this.#until(started, "the deployer", () => this.#answers());
  }

  async #until(process_: ChildProcess, what: string, holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await holds())) {
      if (process_.exitCode !== null || Date.now() > deadline) {
        throw new Error(`${what} did not start: ${this.#log.join("").slice(-4000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** `kill -9`: what it tells of stays. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (running && running.exitCode === null) {
      const ended = new Promise((resolve) => running.once("exit", resolve));
      running.kill("SIGKILL");
      await ended;
    }
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Writes `count` lines more to a deployment's log, as its steps would. */
  write(deployment: number, count: number, words: (seq: number) => string): void {
    const file = join(this.#folder, "deployments", String(deployment), "log.jsonl");
    const last = readFileSync(file, "utf8").trimEnd().split("\n").at(-1) ?? "";
    const { seq: before, step } = JSON.parse(last) as Line;
    const lines = Array.from({ length: count }, (_, index) => {
      const seq = before + index + 1;
      return `${JSON.stringify({ seq, at: new Date().toISOString(), step, line: words(seq) })}\n`;
    });
    appendFileSync(file, lines.join(""));
  }

  /** How many lines a deployment's log has. */
  lines(deployment: number): number {
    const file = join(this.#folder, "deployments", String(deployment), "log.jsonl");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
  }

  #answers(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.#port}/api/v1/deployments/overview`).then(
      ({ status }) => status === 401,
      () => false,
    );
  }
}

/** Where the platform of the tests keeps its data. */
export function dataFolder(): string {
  return join(dirname(process.env["E2E_PASSWORD_FILE"] ?? ""), "data");
}

import { readFileSync, readdirSync } from "node:fs";

import { platformPid } from "./api";

/** A process of the platform. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  /** The name of its program. */
  readonly program: string;
  readonly command: string;
}

/** What to hold still: the programs that make up a part. */
export const PARTS = {
  postgres: ({ program }: Process) => program === "postgres",
  gateway: ({ program, command }: Process) => program === "e2i" && command.split(" ").includes("gateway"),
} as const;

/** Whether the platform's processes are here: not where the tests run before containers. */
export function canHoldStill(): boolean {
  return process.env["E2E_PID"] !== undefined;
}

/** Holds a part still (SIGSTOP): it takes what comes and answers nothing. Gives what lets it go on. */
export function holdStill(part: keyof typeof PARTS): () => void {
  const held = descendants(platformPid()).filter(PARTS[part]);
  if (held.length === 0) {
    throw new Error(`no process of the platform is ${part}`);
  }
  const tell = (signal: NodeJS.Signals) => {
    for (const { pid } of held) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        // It has ended since, as connections of a database do.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
          throw error;
        }
      }
    }
  };
  tell("SIGSTOP");
  return () => {
    tell("SIGCONT");
  };
}

function descendants(ancestor: number): readonly Process[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((pid) => look(Number(pid)));
  const found = new Set([ancestor]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of all) {
      if (found.has(parent)) {
        found.add(pid);
      }
    }
  }
  return all.filter(({ pid }) => pid !== ancestor && found.has(pid));
}

/** Nothing where it has ended meanwhile. */
function look(pid: number): readonly Process[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [, program = "", parent = ""] = /\((.*)\) \S (\d+)/u.exec(stat) ?? [];
    return [{ pid, parent: Number(parent), program, command }];
  } catch {
    return [];
  }
}

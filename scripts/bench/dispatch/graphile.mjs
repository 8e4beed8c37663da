// graphile-worker with its own batching of fetches and completions: on Postgres alone.
import { performance } from "node:perf_hooks";
import { makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";
import { concurrency, jobs, singles, tell, warmUp } from "./figures.mjs";

const pgPool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
const quiet = new (await import("graphile-worker")).Logger(() => () => {});
const utils = await makeWorkerUtils({ pgPool, logger: quiet });
await utils.migrate();

let onRun = () => {};
const start = () =>
  run({
    pgPool,
    logger: quiet,
    concurrency,
    noHandleSignals: true,
    taskList: { noop: async () => onRun() },
    preset: {
      worker: {
        localQueue: { size: 500, refetchDelay: { durationMs: 10 } },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });

const submit = () => utils.addJob("noop", { work_ms: 0 });

const claims = [];
let runner = await start();
for (let turn = 0; turn < warmUp + singles; turn += 1) {
  const claimed = new Promise((resolve) => (onRun = () => resolve(performance.now())));
  const begin = performance.now();
  await submit();
  const at = await claimed;
  if (turn >= warmUp) claims.push(at - begin);
}
await runner.stop();

let begin = performance.now();
const batch = 64;
for (let left = jobs; left > 0; left -= batch) {
  const specs = Array.from({ length: Math.min(batch, left) }, () => ({ identifier: "noop", payload: { work_ms: 0 } }));
  await utils.addJobs(specs);
}
const submitMs = performance.now() - begin;

let left = jobs;
const drained = new Promise((resolve) => (onRun = () => --left === 0 && resolve()));
begin = performance.now();
runner = await start();
await drained;
// Done only when the database says so.
for (;;) {
  const { rows } = await pgPool.query("SELECT count(*)::int AS n FROM graphile_worker._private_jobs");
  if (rows[0].n === 0) break;
  await new Promise((resolve) => setTimeout(resolve, 5));
}
tell("graphile", submitMs, performance.now() - begin, claims);
process.exit(0);

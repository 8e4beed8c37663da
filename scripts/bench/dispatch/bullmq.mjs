// BullMQ: alone, and with a record in Postgres (INSERT before the job is added, UPDATE when it is done).
import { performance } from "node:perf_hooks";
import { Queue, Worker } from "bullmq";
import IORedis from "ioredis";
import pg from "pg";
import { concurrency, jobs, singles, tell, warmUp } from "./figures.mjs";

const peer = process.argv[2];
const recorded = peer === "bullmq-record";
const connection = () => new IORedis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
const pool = recorded ? new pg.Pool({ connectionString: process.env.DATABASE_URL, max: concurrency }) : null;
if (recorded) {
  await pool.query(
    "CREATE TABLE IF NOT EXISTS jobs (id bigint PRIMARY KEY, state text NOT NULL, payload jsonb NOT NULL, result jsonb)",
  );
  await pool.query("TRUNCATE jobs");
}
const insert = { name: "insert", text: "INSERT INTO jobs (id, state, payload) VALUES ($1, 'queued', $2)" };
const finish = { name: "finish", text: "UPDATE jobs SET state = 'succeeded', result = $2 WHERE id = $1" };

const queue = new Queue("noop", { connection: connection() });
let onRun = () => {};
let onDone = () => {};
const worker = new Worker(
  "noop",
  async (job) => {
    onRun(job.data.id);
    if (recorded) await pool.query({ ...finish, values: [job.data.id, '{"estimate": 3}'] });
  },
  { connection: connection(), concurrency, autorun: false },
);
worker.on("completed", () => onDone());
worker.on("error", (error) => console.error(error));

let next = 0;
async function submit(options = {}) {
  const id = ++next;
  if (recorded) await pool.query({ ...insert, values: [id, '{"work_ms": 0}'] });
  await queue.add("noop", { id, work_ms: 0 }, { removeOnComplete: true, ...options });
}

// POST to claimed, one at a time, on an idle worker.
worker.run();
await worker.waitUntilReady();
const claims = [];
for (let turn = 0; turn < warmUp + singles; turn += 1) {
  const done = new Promise((resolve) => (onDone = resolve));
  const claimed = new Promise((resolve) => (onRun = () => resolve(performance.now())));
  const begin = performance.now();
  await submit();
  const at = await claimed;
  if (turn >= warmUp) claims.push(at - begin);
  await done;
}

// Many: submitted while the worker rests, then drained.
await worker.pause();
onRun = () => {};
let begin = performance.now();
const batch = 64;
for (let left = jobs; left > 0; left -= batch) {
  const ids = Array.from({ length: Math.min(batch, left) }, () => ++next);
  if (recorded) await Promise.all(ids.map((id) => pool.query({ ...insert, values: [id, '{"work_ms": 0}'] })));
  await queue.addBulk(ids.map((id) => ({ name: "noop", data: { id, work_ms: 0 }, opts: { removeOnComplete: true } })));
}
const submitMs = performance.now() - begin;
let left = jobs;
const drained = new Promise((resolve) => (onDone = () => --left === 0 && resolve()));
begin = performance.now();
worker.resume();
await drained;
tell(peer, submitMs, performance.now() - begin, claims);
process.exit(0);

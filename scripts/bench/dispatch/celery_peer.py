"""Celery on Redis, with late acknowledgement: no result backend, as nothing has to be kept."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import redis
from celery import Celery

JOBS = int(os.environ["JOBS"])
CONCURRENCY = int(os.environ["CONCURRENCY"])
REDIS_URL = os.environ["REDIS_URL"]
SINGLES, WARM_UP = 300, 50

app = Celery("celery_peer", broker=REDIS_URL)
app.conf.update(task_acks_late=True, worker_prefetch_multiplier=4, task_ignore_result=True, broker_connection_retry_on_startup=True)
store = redis.Redis.from_url(REDIS_URL)


@app.task(name="noop")
def noop(number):
    if number < 0:
        store.rpush("bench:claimed", time.time())
    else:
        store.incr("bench:done")


def worker():
    command = [sys.executable, "-m", "celery", "-A", "celery_peer", "worker", "--pool", "threads", "--concurrency", str(CONCURRENCY)]
    command += ["--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return subprocess.Popen(command, cwd=Path(__file__).parent, stdout=subprocess.DEVNULL)


def quantile(values, share):
    values = sorted(values)
    return values[max(0, -(-int(len(values) * share * 1000) // 1000) - 1)]


def main():
    process = worker()
    try:
        claims = []
        for turn in range(WARM_UP + SINGLES):
            begin = time.time()
            noop.delay(-1)
            _, at = store.blpop("bench:claimed", timeout=60)
            if turn >= WARM_UP:
                claims.append((float(at) - begin) * 1000)
    finally:
        process.terminate()
        process.wait()
    begin = time.perf_counter()
    with app.producer_or_acquire() as producer:
        for number in range(JOBS):
            noop.apply_async((number,), producer=producer)
    submit_s = time.perf_counter() - begin
    process = worker()
    try:
        # From the first job done: the worker's start is not its drain.
        while int(store.get("bench:done") or 0) == 0:
            time.sleep(0.001)
        begin = time.perf_counter()
        while int(store.get("bench:done") or 0) < JOBS:
            time.sleep(0.01)
        drain_s = time.perf_counter() - begin
    finally:
        process.terminate()
        process.wait()
    figures = {
        "peer": "celery",
        "submit_jobs_per_s": round(JOBS / submit_s, 3),
        "drain_jobs_per_s": round(JOBS / drain_s, 3),
        "claim_p50_ms": round(quantile(claims, 0.5), 3),
        "claim_p99_ms": round(quantile(claims, 0.99), 3),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

-- Fair dispatch: who waits on which stream, paused classes, limits, counters, recoveries, histories of agents.
-- readable-by: 20261124000001

-- The soonest a job may ever run: when it was submitted, or the `run_at` it was submitted with. Unlike `run_at` it stays
-- when a job is tried again, so that what was taken from a worker that vanished goes on from its old place in the queue.
ALTER TABLE e2i.jobs ADD COLUMN due_from timestamptz NOT NULL DEFAULT now();
UPDATE e2i.jobs SET due_from = created_at WHERE state <> 'succeeded';

-- What waits for its turn, by stream and owner: the relay steps from owner to owner and takes the first few of each,
-- however many wait behind.
CREATE INDEX jobs_waiting ON e2i.jobs (class, priority, owner, listed, due_from, id)
    WHERE state = 'queued' AND dispatched_at IS NULL;

-- For admins: what failed, over all workspaces. (All jobs of all workspaces have no index: each more of them is paid for
-- by every change of every job, and admins seldom look.)
CREATE INDEX jobs_failed ON e2i.jobs (created_at DESC, id DESC) WHERE state = 'failed';

-- A class that an admin has paused has a row.
CREATE TABLE e2i.dispatch_pauses (
    class     text PRIMARY KEY CHECK (class IN ('small', 'large')),
    reason    text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
    paused_by uuid NOT NULL,
    paused_at timestamptz NOT NULL DEFAULT now()
);

-- Totals over all processes that ever ran; each adds what it counted, at most once a second.
CREATE TABLE e2i.dispatch_counters (
    name  text PRIMARY KEY,
    total bigint NOT NULL DEFAULT 0,
    since timestamptz NOT NULL DEFAULT now()
);

-- Workers that were seen lately, and their places.
CREATE TABLE e2i.workers (
    name         text PRIMARY KEY,
    small_places integer NOT NULL,
    large_places integer NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT now(),
    seen_at      timestamptz NOT NULL DEFAULT now()
);

-- A job that was taken from a vanished worker or that Redis had lost, until its next claim and for a while after.
CREATE TABLE e2i.recoveries (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_id     uuid NOT NULL,
    attempt    integer NOT NULL,                 -- the attempt that was lost; the next one recovers the job
    why        text NOT NULL CHECK (why IN ('lease', 'epoch', 'sweep')),
    lost_at    timestamptz NOT NULL DEFAULT now(),
    claimed_at timestamptz
);
CREATE INDEX recoveries_open ON e2i.recoveries (job_id) WHERE claimed_at IS NULL;
CREATE INDEX recoveries_by_time ON e2i.recoveries (claimed_at) WHERE claimed_at IS NOT NULL;

-- How long attempts really took, by agent and size of the table: a running mean of ln(seconds / expected seconds), or
-- of ln(seconds) where the agent expects nothing.
CREATE TABLE e2i.agent_history (
    agent         text NOT NULL,
    agent_version integer NOT NULL,
    size_bucket   integer NOT NULL,              -- decimal digits of the number of cells; 0 without a table
    runs          bigint NOT NULL,
    log_factor    double precision NOT NULL,
    mean_seconds  double precision NOT NULL,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (agent, agent_version, size_bucket)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['dispatch_pauses', 'dispatch_counters', 'workers', 'recoveries', 'agent_history'] LOOP
        EXECUTE format('ALTER TABLE e2i.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON e2i.%I FROM PUBLIC', t);
    END LOOP;
END $$;

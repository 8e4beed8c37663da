-- What is to be logged to MLflow, and what has been: one row for each attempt that ended a person's analysis.
-- readable-by: 20261124000001

-- Written by the statement that ends the attempt, where the worker that ends it logs to MLflow. No foreign key to the job,
-- as `attempts` and `results` have none.
CREATE TABLE e2i.mlflow_runs (
    job_id        uuid NOT NULL,
    attempt       integer NOT NULL,
    state         text NOT NULL CHECK (state IN ('succeeded', 'failed', 'cancelled')),
    revision      text NOT NULL,                          -- of the worker that ended it
    created_at    timestamptz NOT NULL DEFAULT now(),
    tries         integer NOT NULL DEFAULT 0,             -- how often it was taken to be logged; fences what is said of failures
    next_try_at   timestamptz NOT NULL DEFAULT now(),     -- while somebody logs it: until when it is theirs
    last_error    text,
    experiment_id text,
    run_id        text,
    logged_at     timestamptz,
    parked_at     timestamptz,                            -- never tried again: MLflow refuses it, or it is too old
    PRIMARY KEY (job_id, attempt),
    CHECK ((run_id IS NULL) = (logged_at IS NULL)),
    CHECK (logged_at IS NULL OR parked_at IS NULL)
);
CREATE INDEX mlflow_runs_due ON e2i.mlflow_runs (next_try_at) WHERE logged_at IS NULL AND parked_at IS NULL;
-- What is counted for the metrics and shown to admins: what is not logged.
CREATE INDEX mlflow_runs_unlogged ON e2i.mlflow_runs (parked_at) WHERE logged_at IS NULL;

ALTER TABLE e2i.mlflow_runs ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON e2i.mlflow_runs FROM PUBLIC;

-- As before, and these rows with the others.
CREATE OR REPLACE FUNCTION e2i.delete_with_jobs() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN
    DELETE FROM e2i.outbox USING gone WHERE job_id = gone.id;
    DELETE FROM e2i.attempts USING gone WHERE job_id = gone.id;
    DELETE FROM e2i.results USING gone WHERE job_id = gone.id;
    DELETE FROM e2i.mlflow_runs USING gone WHERE job_id = gone.id;
    RETURN NULL;
END $$;

-- The first schema: people, workspaces, datasets, jobs with their outbox, audit.
-- readable-by: 20261124000001
--
-- Supabase's Data API must see nothing: a schema of our own, row-level security on every table with no policy
-- (only the owner, who is the platform, reads), nothing granted to PUBLIC, anon or authenticated.

REVOKE ALL ON SCHEMA e2i FROM PUBLIC;

-- People -------------------------------------------------------------------------------------------------------

CREATE TABLE e2i.users (
    id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email               text NOT NULL CHECK (email = lower(email) AND length(email) <= 320),
    password_hash       text,                       -- argon2id; null until an invite is accepted
    role                text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin', 'canary')),
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    password_changed_at timestamptz,
    last_sign_in_at     timestamptz,
    disabled_at         timestamptz,
    UNIQUE (email)
);

CREATE TABLE e2i.sessions (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id       uuid NOT NULL REFERENCES e2i.users ON DELETE CASCADE,
    signed_in_at  timestamptz NOT NULL DEFAULT now(),
    refreshed_at  timestamptz NOT NULL DEFAULT now(),
    user_agent    text,
    revoked_at    timestamptz,
    revoked_why   text
);
CREATE INDEX sessions_of_user ON e2i.sessions (user_id) WHERE revoked_at IS NULL;

-- A chain of tokens per session: `child_hash` is set when a token is exchanged for its child.
CREATE TABLE e2i.refresh_tokens (
    token_hash  bytea PRIMARY KEY,
    session_id  uuid NOT NULL REFERENCES e2i.sessions ON DELETE CASCADE,
    parent_hash bytea,
    created_at  timestamptz NOT NULL DEFAULT now(),
    exchanged_at timestamptz,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX refresh_tokens_of_session ON e2i.refresh_tokens (session_id);

CREATE TABLE e2i.one_time_links (
    token_hash bytea PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('invite', 'reset')),
    user_id    uuid NOT NULL REFERENCES e2i.users ON DELETE CASCADE,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX one_time_links_of_user ON e2i.one_time_links (user_id);

-- A person is known by the `sub` of the token: with Supabase there is no row in `users`, hence no foreign key.
CREATE TABLE e2i.workspaces (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    personal_of uuid UNIQUE,
    created_by  uuid NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE e2i.workspace_members (
    workspace_id uuid NOT NULL REFERENCES e2i.workspaces ON DELETE CASCADE,
    user_id      uuid NOT NULL,
    role         text NOT NULL CHECK (role IN ('viewer', 'analyst', 'owner')),
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX workspace_members_of_user ON e2i.workspace_members (user_id);

CREATE TABLE e2i.audit_log (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL DEFAULT now(),
    actor        uuid,
    action       text NOT NULL,
    target       text,
    workspace_id uuid,
    request_id   text,
    detail       jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_by_time ON e2i.audit_log (at DESC);

-- Datasets -----------------------------------------------------------------------------------------------------

CREATE TABLE e2i.datasets (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    workspace_id uuid NOT NULL REFERENCES e2i.workspaces,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    version      integer NOT NULL CHECK (version > 0),
    state        text NOT NULL CHECK (state IN ('uploading', 'profiling', 'ready', 'failed')),
    object_key   text NOT NULL UNIQUE,
    size_bytes   bigint,
    sha256       bytea,
    schema       jsonb,
    profile      jsonb,
    failure      jsonb,
    created_by   uuid NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace_id, name, version),
    CHECK (state = 'uploading' OR schema IS NOT NULL)
);
CREATE INDEX datasets_newest ON e2i.datasets (workspace_id, created_at DESC, id DESC);
CREATE INDEX datasets_uploading ON e2i.datasets (created_at) WHERE state = 'uploading';

-- Jobs ---------------------------------------------------------------------------------------------------------

CREATE TABLE e2i.jobs (
    id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    workspace_id        uuid NOT NULL REFERENCES e2i.workspaces,
    owner               uuid NOT NULL,
    agent               text NOT NULL,
    agent_version       integer NOT NULL,
    dataset_id          uuid REFERENCES e2i.datasets,
    parameters          jsonb NOT NULL,
    listed              boolean NOT NULL,             -- false: profiles and canaries
    class               text NOT NULL CHECK (class IN ('small', 'large')),
    priority            smallint NOT NULL CHECK (priority BETWEEN 0 AND 2),
    timeout_s           integer NOT NULL CHECK (timeout_s > 0),
    traceparent         text,
    idempotency_key     text CHECK (length(idempotency_key) <= 255),
    request_hash        bytea,
    state               text NOT NULL DEFAULT 'queued'
                        CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    failure             jsonb,                        -- {reason, detail}
    attempt             integer NOT NULL DEFAULT 0,   -- the fencing token: counts claims, never reset
    crash_count         integer NOT NULL DEFAULT 0,
    lease_expiries      integer NOT NULL DEFAULT 0,
    dispatch_seq        bigint NOT NULL DEFAULT 1,
    dispatched_at       timestamptz,                  -- null: its outbox row waits to be put on Redis
    run_at              timestamptz NOT NULL DEFAULT now(),
    lease_owner         text,
    lease_until         timestamptz,
    cancel_requested_at timestamptz,
    created_at          timestamptz NOT NULL DEFAULT now(),
    started_at          timestamptz,
    finished_at         timestamptz,
    UNIQUE (owner, idempotency_key),
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
);
CREATE INDEX jobs_newest ON e2i.jobs (workspace_id, created_at DESC, id DESC) WHERE listed;
CREATE INDEX jobs_of_dataset ON e2i.jobs (dataset_id);
CREATE INDEX jobs_leases ON e2i.jobs (lease_until) WHERE state = 'running';
-- Bounded by the dispatch window, whatever waits behind it:
CREATE INDEX jobs_on_redis ON e2i.jobs (class, dispatched_at) WHERE state = 'queued' AND dispatched_at IS NOT NULL;
CREATE INDEX jobs_in_flight ON e2i.jobs (owner)
    WHERE state = 'running' OR (state = 'queued' AND dispatched_at IS NOT NULL);

-- A queued job that is not on Redis has exactly one row here.
CREATE TABLE e2i.outbox (
    job_id       uuid PRIMARY KEY REFERENCES e2i.jobs ON DELETE CASCADE,
    dispatch_seq bigint NOT NULL,
    due_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_due ON e2i.outbox (due_at);

CREATE TABLE e2i.attempts (
    job_id     uuid NOT NULL REFERENCES e2i.jobs ON DELETE CASCADE,
    attempt    integer NOT NULL,
    worker     text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    failure    jsonb,                                 -- null once ended: it succeeded
    PRIMARY KEY (job_id, attempt)
);

CREATE TABLE e2i.results (
    job_id     uuid PRIMARY KEY REFERENCES e2i.jobs ON DELETE CASCADE,
    attempt    integer NOT NULL,
    result     jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Which release may run on this schema -------------------------------------------------------------------------

CREATE TABLE e2i.schema_releases (
    version    bigint PRIMARY KEY,
    readable_by bigint NOT NULL                       -- the oldest release schema that can still run on this one
);

DO $$
DECLARE t text;
BEGIN
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'e2i' LOOP
        EXECUTE format('ALTER TABLE e2i.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON e2i.%I FROM PUBLIC', t);
    END LOOP;
END $$;

-- Links by which anybody who has one may read one analysis.
-- readable-by: 20261124000001

CREATE TABLE e2i.shares (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    job_id          uuid NOT NULL REFERENCES e2i.jobs ON DELETE CASCADE,
    token_hash      bytea NOT NULL UNIQUE,       -- keyed: the token itself is told once and kept nowhere
    created_by      uuid NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL,
    revoked_at      timestamptz,
    first_opened_at timestamptz,
    last_opened_at  timestamptz                  -- to the minute
);
CREATE INDEX shares_of_job ON e2i.shares (job_id, created_at DESC, id DESC);

ALTER TABLE e2i.shares ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON e2i.shares FROM PUBLIC;

//! The one place of this crate where SQL stands: a trigger of its own schema that notes what becomes of every job, and
//! what is read of the platform's tables afterwards. All of it is asked by the superuser, past the proxies.
//!
//! The trigger sees each change in the transaction that makes it, so the history has what was committed and nothing else,
//! and a job's steps in their order: each is noted while its row is locked.

use anyhow::Context as _;
use serde::de::DeserializeOwned;
use servers::Postgres;

use crate::backends::DATABASE;
use crate::checker::{FinalJob, Step};

const INSTALL: &str = "
CREATE SCHEMA chaos;
CREATE TABLE chaos.history (
    nth               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at                timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction_at    timestamptz NOT NULL DEFAULT now(),
    job               uuid NOT NULL,
    kind              text NOT NULL,
    from_state        text,
    to_state          text,
    from_attempt      integer,
    attempt           integer,
    from_dispatch_seq bigint,
    dispatch_seq      bigint,
    expired           boolean NOT NULL DEFAULT false,
    lease_until       timestamptz,
    lease_owner       text,
    process           text DEFAULT current_setting('chaos.process', true)
);
CREATE FUNCTION chaos.note_submit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO chaos.history (job, kind, to_state, attempt, dispatch_seq)
    VALUES (NEW.id, 'submitted', NEW.state, NEW.attempt, NEW.dispatch_seq);
    RETURN NULL;
END $$;
CREATE FUNCTION chaos.note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO chaos.history (job, kind, from_state, to_state, from_attempt, attempt, from_dispatch_seq, dispatch_seq,
                               expired, lease_until, lease_owner)
    VALUES (NEW.id, 'changed', OLD.state, NEW.state, OLD.attempt, NEW.attempt, OLD.dispatch_seq, NEW.dispatch_seq,
            NEW.lease_expiries > OLD.lease_expiries, OLD.lease_until, coalesce(NEW.lease_owner, OLD.lease_owner));
    RETURN NULL;
END $$;
CREATE FUNCTION chaos.note_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO chaos.history (job, kind, from_state, from_attempt) VALUES (OLD.id, 'deleted', OLD.state, OLD.attempt);
    RETURN NULL;
END $$;
CREATE FUNCTION chaos.note_result() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO chaos.history (job, kind, attempt) VALUES (NEW.job_id, 'result', NEW.attempt);
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_submit AFTER INSERT ON e2i.jobs FOR EACH ROW EXECUTE FUNCTION chaos.note_submit();
CREATE TRIGGER chaos_change AFTER UPDATE ON e2i.jobs FOR EACH ROW
    WHEN ((OLD.state, OLD.attempt, OLD.dispatch_seq, OLD.finished_at)
          IS DISTINCT FROM (NEW.state, NEW.attempt, NEW.dispatch_seq, NEW.finished_at))
    EXECUTE FUNCTION chaos.note_change();
CREATE TRIGGER chaos_delete AFTER DELETE ON e2i.jobs FOR EACH ROW EXECUTE FUNCTION chaos.note_delete();
CREATE TRIGGER chaos_result AFTER INSERT OR UPDATE ON e2i.results FOR EACH ROW EXECUTE FUNCTION chaos.note_result();
";

const STEPS: &str = "
SELECT json_build_object('nth', nth, 'at_s', extract(epoch FROM at), 'job', job, 'kind', kind, 'from', from_state,
    'to', to_state, 'from_attempt', from_attempt, 'attempt', attempt, 'from_dispatch_seq', from_dispatch_seq,
    'dispatch_seq', dispatch_seq, 'expired', expired, 'lease_until_s', extract(epoch FROM lease_until), 'by', process)
FROM chaos.history ORDER BY nth";

const JOBS: &str = "
SELECT json_build_object('id', j.id, 'key', j.idempotency_key, 'state', j.state, 'failure', j.failure, 'result', r.result)
FROM e2i.jobs j LEFT JOIN e2i.results r ON r.job_id = j.id ORDER BY j.id";

/// Jobs that have ended, jobs there are, and what has happened so far: the last says whether anything still moves.
const PROGRESS: &str = "
SELECT json_build_array(count(*) FILTER (WHERE state IN ('succeeded', 'failed', 'cancelled')), count(*),
                        (SELECT coalesce(max(nth), 0) FROM chaos.history)) FROM e2i.jobs";

const FENCED: &str = "SELECT coalesce(sum(total), 0) FROM e2i.dispatch_counters WHERE name = 'fenced_writes_refused'";

/// Begins to note. Call once the schema is migrated, before anything runs.
///
/// # Errors
/// When Postgres refuses.
pub async fn install(postgres: &Postgres) -> anyhow::Result<()> {
    postgres.ask(DATABASE, INSTALL).await.map(drop).context("install the history's triggers")
}

/// Every step so far.
///
/// # Errors
/// When Postgres does not answer.
pub async fn steps(postgres: &Postgres) -> anyhow::Result<Vec<Step>> {
    lines(postgres, STEPS).await
}

/// Every job as it stands.
///
/// # Errors
/// When Postgres does not answer.
pub async fn jobs(postgres: &Postgres) -> anyhow::Result<Vec<FinalJob>> {
    lines(postgres, JOBS).await
}

/// Jobs that have ended, jobs there are, steps so far.
///
/// # Errors
/// When Postgres does not answer.
pub async fn progress(postgres: &Postgres) -> anyhow::Result<(u64, u64, u64)> {
    lines(postgres, PROGRESS).await?.pop().context("Postgres told no counts")
}

/// Writes of attempts that were not the current one, refused and counted by the platform itself.
///
/// # Errors
/// When Postgres does not answer.
pub async fn fenced_writes(postgres: &Postgres) -> anyhow::Result<u64> {
    postgres.ask(DATABASE, FENCED).await?.trim().parse().context("read the count of fenced writes")
}

async fn lines<T: DeserializeOwned>(postgres: &Postgres, question: &str) -> anyhow::Result<Vec<T>> {
    let answer = postgres.ask(DATABASE, &format!("{};\n", question.trim_end())).await?;
    answer
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).with_context(|| format!("read `{line}`")))
        .collect()
}

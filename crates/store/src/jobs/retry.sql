-- Queues a failed or cancelled job anew: for a member of its workspace with one of these roles, or for an admin (no roles).
WITH seen AS (
    SELECT j.id, j.state, j.class, j.priority, j.traceparent, j.attempt FROM e2i.jobs j
    WHERE j.id = $3 AND ($2::text[] IS NULL OR EXISTS (
        SELECT 1 FROM e2i.workspace_members m
        WHERE m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)))
    FOR UPDATE OF j
), changed AS (
    UPDATE e2i.jobs j SET state = 'queued', failure = NULL, finished_at = NULL, crash_count = 0,
        lease_expiries = 0, cancel_requested_at = NULL, dispatch_seq = j.dispatch_seq + 1,
        dispatched_at = NULL, run_at = now(), due_from = least(j.due_from, now()),
        -- A release may have ended all workers that had its version; whoever asks now means this one's.
        agent_version = greatest(j.agent_version, (
            SELECT own.version FROM unnest($6::text[], $7::int[]) AS own(agent, version)
            WHERE own.agent = j.agent)),
        -- An ended job has no lease. But where the attempt ended while this waited for the row, Postgres
        -- checks constraints on the row as this statement first saw it, still running, before it looks
        -- at the new one.
        lease_owner = NULL, lease_until = NULL
    FROM seen WHERE j.id = seen.id AND seen.state IN ('failed', 'cancelled')
    RETURNING j.id, j.dispatch_seq, j.workspace_id
), audited AS (
    INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
    SELECT $1, 'analysis.retry', id::text, workspace_id, $4, $5 FROM changed
), entry AS (
    INSERT INTO e2i.outbox (job_id, dispatch_seq) SELECT id, dispatch_seq FROM changed
    ON CONFLICT (job_id) DO UPDATE SET dispatch_seq = excluded.dispatch_seq, due_at = now()
)
SELECT seen.state, changed.dispatch_seq, seen.class, seen.priority, seen.traceparent, seen.attempt,
       (extract(epoch FROM now()) * 1000)::bigint AS at_ms
FROM seen LEFT JOIN changed USING (id)

WITH lost AS (
    SELECT j.id, CASE WHEN j.cancel_requested_at IS NOT NULL THEN 'cancelled'
                      WHEN j.lease_expiries + 1 >= $1 THEN 'failed' ELSE 'queued' END AS next
    FROM e2i.jobs j WHERE j.state = 'running' AND j.lease_until < now()
    ORDER BY j.id LIMIT 500 FOR UPDATE SKIP LOCKED
), ended AS (
    UPDATE e2i.jobs j SET state = lost.next, lease_expiries = j.lease_expiries + 1,
        failure = CASE lost.next WHEN 'cancelled' THEN $3 ELSE $2 END,
        lease_owner = NULL, lease_until = NULL, dispatched_at = NULL,
        finished_at = CASE WHEN lost.next = 'queued' THEN NULL ELSE now() END,
        run_at = CASE WHEN lost.next = 'queued' THEN now() ELSE j.run_at END,
        dispatch_seq = j.dispatch_seq + CASE WHEN lost.next = 'queued' THEN 1 ELSE 0 END
    FROM lost WHERE j.id = lost.id RETURNING j.*
), entry AS (
    INSERT INTO e2i.outbox (job_id, dispatch_seq) SELECT id, dispatch_seq FROM ended WHERE state = 'queued'
), tried AS (
    UPDATE e2i.attempts a SET ended_at = now(), failure = $2
    FROM ended WHERE a.job_id = ended.id AND a.attempt = ended.attempt
), run AS (
    INSERT INTO e2i.mlflow_runs (job_id, attempt, state, revision)
    SELECT id, attempt, state, $4::text FROM ended WHERE $4::text IS NOT NULL AND listed AND state <> 'queued'
    ON CONFLICT DO NOTHING
), profiled AS (
    UPDATE e2i.datasets d SET state = 'failed', failure = ended.failure
    FROM ended WHERE ended.agent = 'profile' AND ended.state <> 'queued' AND d.id = ended.dataset_id
), derived AS (
    UPDATE e2i.datasets d SET state = 'failed', failure = ended.failure
    FROM ended WHERE ended.state <> 'queued' AND d.derive_job = ended.id AND d.state = 'uploading'
)
SELECT id, workspace_id, owner, attempt, state, failure, (extract(epoch FROM now()) * 1000)::bigint AS at_ms FROM ended

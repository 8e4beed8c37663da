-- Ends attempt $2 of job $1 with state $3 and failure $4. `queued` means: after $5 seconds, and with $6 it counts as a
-- crash. A job that was asked to be cancelled does not go back to the queue. A version of a dataset that was made gets its
-- profile job ($10 to $14), as an upload does.
WITH held AS (
    SELECT j.id, j.dataset_id, j.agent, j.crash_count + $6 AS crashes,
           CASE WHEN $3 = 'queued' AND j.cancel_requested_at IS NOT NULL THEN 'cancelled'
                WHEN $3 = 'queued' AND j.crash_count + $6 >= $7 THEN 'failed'
                ELSE $3 END AS next
    FROM e2i.jobs j WHERE j.id = $1 AND j.attempt = $2 AND j.state = 'running' FOR UPDATE
), ended AS (
    UPDATE e2i.jobs j SET state = held.next, crash_count = held.crashes,
        failure = CASE WHEN held.next = 'cancelled' THEN coalesce($8, $4) WHEN held.next = 'succeeded' THEN NULL ELSE $4 END,
        lease_owner = NULL, lease_until = NULL, dispatched_at = NULL,
        finished_at = CASE WHEN held.next = 'queued' THEN NULL ELSE now() END,
        run_at = CASE WHEN held.next = 'queued' THEN now() + make_interval(secs => $5) ELSE j.run_at END,
        dispatch_seq = j.dispatch_seq + CASE WHEN held.next = 'queued' THEN 1 ELSE 0 END
    FROM held WHERE j.id = held.id RETURNING j.*
), entry AS (
    INSERT INTO e2i.outbox (job_id, dispatch_seq, due_at)
    SELECT id, dispatch_seq, run_at FROM ended WHERE state = 'queued'
), tried AS (
    UPDATE e2i.attempts a SET ended_at = now(), failure = CASE WHEN $3 = 'succeeded' THEN NULL ELSE $4 END
    FROM ended WHERE a.job_id = ended.id AND a.attempt = ended.attempt
), stored AS (
    INSERT INTO e2i.results (job_id, attempt, result) SELECT id, attempt, $9 FROM ended WHERE state = 'succeeded'
), profiled AS (
    UPDATE e2i.datasets d SET
        state = CASE WHEN ended.state = 'succeeded' THEN 'ready' ELSE 'failed' END,
        profile = CASE WHEN ended.state = 'succeeded' THEN $9 END,
        failure = CASE WHEN ended.state = 'succeeded' THEN NULL ELSE $4 END
    FROM ended WHERE ended.agent = 'profile' AND ended.state <> 'queued' AND d.id = ended.dataset_id
), derived AS (
    -- The object of this attempt is the dataset's from here on; those of others are nobody's.
    UPDATE e2i.datasets d SET
        state = CASE WHEN ended.state = 'succeeded' THEN 'profiling' ELSE 'failed' END,
        object_key = CASE WHEN ended.state = 'succeeded' THEN d.object_key || '.' || ended.attempt ELSE d.object_key END,
        size_bytes = CASE WHEN ended.state = 'succeeded' THEN ($9->>'size_bytes')::bigint END,
        sha256 = CASE WHEN ended.state = 'succeeded' THEN decode($9->>'sha256', 'hex') END,
        schema = CASE WHEN ended.state = 'succeeded' THEN $9->'schema' END,
        failure = CASE WHEN ended.state = 'succeeded' THEN NULL ELSE ended.failure END
    FROM ended WHERE ended.state <> 'queued' AND d.derive_job = ended.id AND d.state = 'uploading'
    RETURNING d.id, d.workspace_id, d.created_by, d.state, ended.traceparent
), profile AS (
    INSERT INTO e2i.jobs (workspace_id, owner, agent, agent_version, dataset_id, parameters, listed, class, priority,
                          timeout_s, traceparent)
    SELECT workspace_id, created_by, $10, $11, id, '{}', false, $12, $13, $14, traceparent
    FROM derived WHERE state = 'profiling' RETURNING id
), profile_entry AS (
    INSERT INTO e2i.outbox (job_id, dispatch_seq) SELECT id, 1 FROM profile
)
SELECT id, workspace_id, owner, attempt, state, failure, (extract(epoch FROM now()) * 1000)::bigint AS at_ms FROM ended

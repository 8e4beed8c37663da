WITH locked AS (
    SELECT j.id FROM e2i.jobs j
    JOIN unnest($1::uuid[], $2::bigint[]) AS given(id, dispatch_seq) USING (id, dispatch_seq)
    WHERE j.state = 'queued'
      AND (j.agent, j.agent_version) IN (SELECT * FROM unnest($5::text[], $6::int[]))
    ORDER BY j.id FOR UPDATE OF j
), claimed AS (
    UPDATE e2i.jobs j SET state = 'running', attempt = j.attempt + 1, lease_owner = $3,
        lease_until = now() + make_interval(secs => $4), started_at = coalesce(j.started_at, now()), failure = NULL
    FROM locked WHERE j.id = locked.id RETURNING j.*
), tried AS (
    INSERT INTO e2i.attempts (job_id, attempt, worker) SELECT id, attempt, $3 FROM claimed
), gone AS (
    DELETE FROM e2i.outbox o USING claimed WHERE o.job_id = claimed.id
)
SELECT c.id, c.workspace_id, c.owner, c.attempt, c.agent, c.parameters, c.timeout_s, c.traceparent, c.crash_count,
       d.object_key, d.schema, made.object_key AS made_key
FROM claimed c LEFT JOIN e2i.datasets d ON d.id = c.dataset_id
     LEFT JOIN e2i.datasets made ON made.derive_job = c.id

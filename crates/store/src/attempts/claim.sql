-- Claims by compare-and-set: queued, same dispatch number, an agent version that is here, and as much memory as is free ($7
-- MiB); the first one whatever it needs when nothing runs here ($8), because more will never be free.
WITH locked AS (
    SELECT j.id, j.memory_mib FROM e2i.jobs j
    JOIN unnest($1::uuid[], $2::bigint[]) AS given(id, dispatch_seq) USING (id, dispatch_seq)
    WHERE j.state = 'queued'
      AND (j.agent, j.agent_version) IN (SELECT * FROM unnest($5::text[], $6::int[]))
    ORDER BY j.id FOR UPDATE OF j
), fitting AS (
    SELECT id FROM (SELECT id, sum(memory_mib) OVER by_id AS needed, row_number() OVER by_id AS place
                    FROM locked WINDOW by_id AS (ORDER BY id)) AS t
    WHERE needed <= $7 OR (place = 1 AND $8)
), claimed AS (
    UPDATE e2i.jobs j SET state = 'running', attempt = j.attempt + 1, lease_owner = $3,
        lease_until = now() + make_interval(secs => $4), started_at = coalesce(j.started_at, now()), failure = NULL
    FROM fitting WHERE j.id = fitting.id RETURNING j.*
), tried AS (
    INSERT INTO e2i.attempts (job_id, attempt, worker) SELECT id, attempt, $3 FROM claimed
), gone AS (
    DELETE FROM e2i.outbox o USING claimed WHERE o.job_id = claimed.id
)
SELECT c.id, c.workspace_id, c.owner, c.attempt, c.agent, c.parameters, c.timeout_s, c.traceparent, c.crash_count,
       c.memory_mib, c.request_id, extract(epoch FROM now() - c.run_at)::float8 AS waited_s, d.object_key, d.schema,
       made.object_key AS made_key
FROM claimed c LEFT JOIN e2i.datasets d ON d.id = c.dataset_id
     LEFT JOIN e2i.datasets made ON made.derive_job = c.id

-- Writes jobs with their outbox rows, many at once: after it none of them can be lost. What is in flight is counted only as
-- far as it matters: the cost must not grow with what waits. Rows go in by owner and key, so that two of these can never
-- wait for each other.
WITH given AS MATERIALIZED (
    SELECT gen_random_uuid() AS id, g.*, greatest(now(), g.asked_for) AS run_at,
           g.asked_for IS NULL OR g.asked_for <= now() + make_interval(days => $17) AS timely
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::uuid[], $6::jsonb[], $7::bool[], $8::text[],
                $9::smallint[], $10::int[], $11::text[], $12::text[], $13::bytea[], $14::text[], $15::timestamptz[],
                $16::int[]) WITH ORDINALITY
      AS g(workspace, owner, agent, agent_version, dataset, parameters, listed, class, priority, timeout_s, traceparent,
           key, request_hash, request_id, asked_for, memory_mib, nth)
), allowed AS MATERIALIZED (
    SELECT g.id FROM given g
    JOIN e2i.workspace_members m ON m.workspace_id = g.workspace AND m.user_id = g.owner AND m.role IN ('analyst', 'owner')
    WHERE g.dataset IS NULL OR EXISTS (
        SELECT 1 FROM e2i.datasets d WHERE d.id = g.dataset AND d.workspace_id = g.workspace AND d.state <> 'uploading')
), job AS (
    INSERT INTO e2i.jobs (id, workspace_id, owner, agent, agent_version, dataset_id, parameters, listed, class, priority,
                          timeout_s, traceparent, idempotency_key, request_hash, run_at, due_from, memory_mib,
                          request_id)
    SELECT g.id, g.workspace, g.owner, g.agent, g.agent_version, g.dataset, g.parameters, g.listed, g.class, g.priority,
           g.timeout_s, g.traceparent, g.key, g.request_hash, g.run_at, g.run_at, g.memory_mib, g.request_id
    FROM given g JOIN allowed USING (id) WHERE g.timely ORDER BY g.owner, g.key, g.nth
    ON CONFLICT (owner, idempotency_key) DO NOTHING
    RETURNING id, run_at, created_at
), entry AS (
    INSERT INTO e2i.outbox (job_id, dispatch_seq, due_at) SELECT id, 1, run_at FROM job
), audited AS (
    INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
    SELECT g.owner, 'analysis.submit', g.id::text, g.workspace, g.request_id,
           jsonb_build_object('agent', g.agent, 'dataset', g.dataset)
    FROM job JOIN given g USING (id)
), of_owner AS MATERIALIZED (
    SELECT o.owner, (SELECT count(*) FROM (
        SELECT 1 FROM e2i.jobs j
        WHERE j.owner = o.owner AND (j.state = 'running' OR (j.state = 'queued' AND j.dispatched_at IS NOT NULL))
        LIMIT $18) AS t) AS n
    FROM (SELECT DISTINCT owner FROM given) AS o
), on_stream AS MATERIALIZED (
    SELECT s.class, s.priority, (SELECT count(*) FROM (
        SELECT 1 FROM e2i.jobs j
        WHERE j.class = s.class AND j.priority = s.priority AND j.state = 'queued' AND j.dispatched_at IS NOT NULL
        LIMIT $19) AS t) AS n
    FROM (SELECT DISTINCT class, priority FROM given) AS s
)
SELECT allowed.id IS NOT NULL AS allowed, g.timely, job.id, job.created_at, job.run_at,
       coalesce(job.run_at > now(), false) AS delayed,
       EXISTS (SELECT 1 FROM e2i.dispatch_pauses p WHERE p.class = g.class) AS paused,
       of_owner.n AS of_owner, on_stream.n AS on_stream
FROM given g LEFT JOIN allowed USING (id) LEFT JOIN job USING (id)
JOIN of_owner USING (owner) JOIN on_stream USING (class, priority) ORDER BY g.nth

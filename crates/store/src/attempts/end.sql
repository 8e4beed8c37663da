-- Ends attempts, many at once: given are job, attempt, next state, failure, seconds to wait, crashes to count, whether it
-- needs a place with more memory, result. `queued` means: after those seconds. A job that was asked to be cancelled does
-- not go back to the queue. Only the attempt fences: one that is not the current one changes nothing.
WITH held AS (
    SELECT j.id, j.crash_count + given.crashes AS crashes, given.failure, given.after_s, given.larger, given.result,
           CASE WHEN given.state = 'queued' AND j.cancel_requested_at IS NOT NULL THEN 'cancelled'
                WHEN given.state = 'queued' AND j.crash_count + given.crashes >= $9 THEN 'failed'
                ELSE given.state END AS next
    FROM e2i.jobs j
    JOIN unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[], $5::float8[], $6::int[], $7::bool[], $8::jsonb[])
      AS given(id, attempt, state, failure, after_s, crashes, larger, result)
      ON given.id = j.id AND given.attempt = j.attempt
    WHERE j.state = 'running' ORDER BY j.id FOR UPDATE OF j
), ended AS (
    UPDATE e2i.jobs j SET state = held.next, crash_count = held.crashes,
        failure = CASE held.next WHEN 'cancelled' THEN $10 WHEN 'succeeded' THEN NULL ELSE held.failure END,
        class = CASE WHEN held.larger THEN 'large' ELSE j.class END,
        lease_owner = NULL, lease_until = NULL, dispatched_at = NULL,
        finished_at = CASE WHEN held.next = 'queued' THEN NULL ELSE now() END,
        run_at = CASE WHEN held.next = 'queued' THEN now() + make_interval(secs => held.after_s) ELSE j.run_at END,
        dispatch_seq = j.dispatch_seq + CASE WHEN held.next = 'queued' THEN 1 ELSE 0 END
    FROM held WHERE j.id = held.id
    -- With what was given: joining it again by the id would compare every row with every other.
    RETURNING j.id, j.workspace_id, j.owner, j.attempt, j.state, j.failure, j.agent, j.dataset_id, j.dispatch_seq, j.run_at,
              j.traceparent, j.request_id, j.listed, held.failure AS why, held.result
), entry AS (
    INSERT INTO e2i.outbox (job_id, dispatch_seq, due_at)
    SELECT id, dispatch_seq, run_at FROM ended WHERE state = 'queued'
), tried AS (
    UPDATE e2i.attempts a SET ended_at = now(), failure = ended.why
    FROM ended WHERE a.job_id = ended.id AND a.attempt = ended.attempt
), stored AS (
    INSERT INTO e2i.results (job_id, attempt, result)
    SELECT id, attempt, result FROM ended WHERE ended.state = 'succeeded'
), run AS (
    -- To be logged to MLflow, where this worker does so: then $11 is its revision. People's analyses alone.
    INSERT INTO e2i.mlflow_runs (job_id, attempt, state, revision)
    SELECT id, attempt, state, $11::text FROM ended WHERE $11::text IS NOT NULL AND listed AND state <> 'queued'
    ON CONFLICT DO NOTHING
)

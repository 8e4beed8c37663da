, profiled AS (
    UPDATE e2i.datasets d SET
        state = CASE WHEN ended.state = 'succeeded' THEN 'ready' ELSE 'failed' END,
        profile = CASE WHEN ended.state = 'succeeded' THEN ended.result END,
        failure = CASE WHEN ended.state = 'succeeded' THEN NULL ELSE ended.why END
    FROM ended
    WHERE ended.agent = 'profile' AND ended.state <> 'queued' AND d.id = ended.dataset_id
), derived AS (
    -- The object of this attempt is the dataset's from here on; those of others are nobody's.
    UPDATE e2i.datasets d SET
        state = CASE WHEN ended.state = 'succeeded' THEN 'profiling' ELSE 'failed' END,
        object_key = CASE WHEN ended.state = 'succeeded' THEN d.object_key || '.' || ended.attempt ELSE d.object_key END,
        size_bytes = CASE WHEN ended.state = 'succeeded' THEN (ended.result->>'size_bytes')::bigint END,
        sha256 = CASE WHEN ended.state = 'succeeded' THEN decode(ended.result->>'sha256', 'hex') END,
        schema = CASE WHEN ended.state = 'succeeded' THEN ended.result->'schema' END,
        failure = CASE WHEN ended.state = 'succeeded' THEN NULL ELSE ended.failure END
    FROM ended
    WHERE ended.state <> 'queued' AND d.derive_job = ended.id AND d.state = 'uploading'
    RETURNING d.id, d.workspace_id, d.created_by, d.state, ended.traceparent, ended.request_id
), profile AS (
    -- A version of a dataset that was made gets its profile job, as an upload does.
    INSERT INTO e2i.jobs (workspace_id, owner, agent, agent_version, dataset_id, parameters, listed, class, priority,
                          timeout_s, traceparent, request_id)
    SELECT workspace_id, created_by, $12, $13, id, '{}', false, $14, $15, $16, traceparent, request_id
    FROM derived WHERE state = 'profiling' RETURNING id
), profile_entry AS (
    INSERT INTO e2i.outbox (job_id, dispatch_seq) SELECT id, 1 FROM profile
)

, entry AS (
    -- On Redis and not claimed. Its turn: how many of its owner's are in front of it, those that run among them.
    SELECT f.id, f.class, f.priority, f.owner, f.dispatched_at AS at,
           coalesce(running.n, 0) + row_number() OVER (PARTITION BY f.class, f.priority, f.owner
                                                       ORDER BY f.dispatched_at, f.id) AS turn
    FROM flying f LEFT JOIN running USING (owner, class) WHERE f.state = 'queued'
), behind AS (
    SELECT class, priority, owner, at, turn FROM entry
    UNION ALL
    SELECT lane.class, lane.priority, lane.owner, 'infinity', lane.busy + 1 FROM lane
    WHERE least(lane.spare, lane.quota) > 0 AND EXISTS (
        SELECT 1 FROM e2i.jobs j
        WHERE j.state = 'queued' AND j.dispatched_at IS NULL AND j.class = lane.class AND j.priority = lane.priority
          AND j.owner = lane.owner AND j.listed = lane.listed AND j.due_from <= now() AND j.run_at <= now())
), contested AS (
    SELECT class, priority FROM behind GROUP BY class, priority HAVING count(DISTINCT owner) > 1
), unfair AS (
    SELECT e.id FROM entry e JOIN contested USING (class, priority)
    WHERE e.at < now() - make_interval(secs => $6) AND EXISTS (
        SELECT 1 FROM behind b WHERE b.class = e.class AND b.priority = e.priority AND b.owner <> e.owner
                                 AND b.turn < e.turn AND b.at > e.at)
), hit AS (
    SELECT j.id FROM e2i.jobs j
    WHERE j.id IN (SELECT id FROM unfair) AND j.state = 'queued' AND j.dispatched_at IS NOT NULL
    ORDER BY j.id FOR UPDATE SKIP LOCKED
), changed AS (
    UPDATE e2i.jobs j SET dispatch_seq = j.dispatch_seq + 1, dispatched_at = NULL
    FROM hit WHERE j.id = hit.id RETURNING j.id, j.dispatch_seq
), outboxed AS (
    INSERT INTO e2i.outbox (job_id, dispatch_seq) SELECT id, dispatch_seq FROM changed
    ON CONFLICT (job_id) DO UPDATE SET dispatch_seq = excluded.dispatch_seq
)
SELECT count(*) FROM changed

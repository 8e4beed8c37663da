-- Who waits where, beside what is on its way. The cost grows with the owners that wait and the jobs in flight, never with
-- how many jobs wait. $1 the window of a stream, $2 how much an owner may have in flight, $3 to $5 how many of one
-- owner's jobs may stand on each stream.
WITH RECURSIVE waiting AS (
    (SELECT j.class, j.priority, j.owner, j.listed FROM e2i.jobs j
     WHERE j.state = 'queued' AND j.dispatched_at IS NULL
     ORDER BY j.class, j.priority, j.owner, j.listed LIMIT 1)
    UNION ALL
    SELECT next.class, next.priority, next.owner, next.listed FROM waiting w, LATERAL (
        SELECT j.class, j.priority, j.owner, j.listed FROM e2i.jobs j
        WHERE j.state = 'queued' AND j.dispatched_at IS NULL
          AND (j.class, j.priority, j.owner, j.listed) > (w.class, w.priority, w.owner, w.listed)
        ORDER BY j.class, j.priority, j.owner, j.listed LIMIT 1) next
), flying AS MATERIALIZED (
    SELECT j.id, j.owner, j.class, j.priority, j.listed, j.state, j.dispatched_at FROM e2i.jobs j
    WHERE j.state = 'running' OR (j.state = 'queued' AND j.dispatched_at IS NOT NULL)
), in_flight AS (
    SELECT owner, count(*) AS n FROM flying WHERE listed GROUP BY owner
), running AS (
    SELECT owner, class, count(*) AS n FROM flying WHERE state = 'running' GROUP BY owner, class
), placed AS (
    SELECT class, priority, owner, count(*) AS n FROM flying WHERE state = 'queued' GROUP BY class, priority, owner
), stream AS (
    SELECT class, priority, sum(n) AS n FROM placed GROUP BY class, priority
), lane AS (
    SELECT w.class, w.priority, w.owner, w.listed,
           coalesce(running.n, 0) + coalesce(placed.n, 0) AS busy,
           depth.of_one - coalesce(placed.n, 0) AS spare,
           CASE WHEN w.listed THEN $2 - coalesce(in_flight.n, 0) END AS quota,
           $1 - coalesce(stream.n, 0) AS room,
           count(*) OVER (PARTITION BY w.class, w.priority) AS lanes
    FROM waiting w
    JOIN unnest($3::text[], $4::smallint[], $5::bigint[]) AS depth(class, priority, of_one) USING (class, priority)
    LEFT JOIN in_flight USING (owner)
    LEFT JOIN running USING (owner, class)
    LEFT JOIN placed USING (class, priority, owner)
    LEFT JOIN stream USING (class, priority)
    WHERE w.class NOT IN (SELECT class FROM e2i.dispatch_pauses)
)

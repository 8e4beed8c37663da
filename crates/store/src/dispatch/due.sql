, due AS (
    SELECT lane.class, lane.priority, lane.owner, lane.listed, lane.quota, lane.room, next.*,
           lane.busy + row_number() OVER (PARTITION BY lane.class, lane.priority, lane.owner
                                          ORDER BY lane.listed, next.due_from, next.id) AS turn,
           row_number() OVER (PARTITION BY lane.owner, lane.listed
                              ORDER BY lane.priority, next.due_from, next.id) AS nth
    FROM lane, LATERAL (
        SELECT j.id, j.dispatch_seq, j.traceparent, j.due_from FROM e2i.jobs j
        WHERE j.state = 'queued' AND j.dispatched_at IS NULL AND j.class = lane.class AND j.priority = lane.priority
          AND j.owner = lane.owner AND j.listed = lane.listed AND j.due_from <= now() AND j.run_at <= now()
        ORDER BY j.due_from, j.id
        LIMIT greatest(0, least(lane.spare, lane.quota, greatest(4, lane.room / lane.lanes + 1)))) next
), ranked AS (
    SELECT due.*, row_number() OVER (PARTITION BY class, priority ORDER BY turn, due_from, id) AS place
    FROM due WHERE quota IS NULL OR nth <= quota
)
SELECT id, dispatch_seq, class, priority, traceparent FROM ranked WHERE place <= room ORDER BY turn, due_from, id

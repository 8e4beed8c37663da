-- Of which request each job came: one id finds it in the logs of nginx, gateway and worker.
-- readable-by: 20261124000001

-- Null for jobs that nobody asked for, and for those of releases that did not keep it.
ALTER TABLE e2i.jobs ADD COLUMN request_id text;

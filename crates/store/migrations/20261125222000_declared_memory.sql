-- What a job is expected to hold, in MiB: its class follows from it, and a worker claims it only when so much is free.
-- readable-by: 20261124000001

ALTER TABLE e2i.jobs ADD COLUMN memory_mib integer NOT NULL DEFAULT 64 CHECK (memory_mib > 0);

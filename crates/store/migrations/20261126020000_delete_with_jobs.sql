-- What hangs on a job goes with it by one statement for each deletion, instead of being asked for row by row at every submit,
-- claim and ending. Rows here are written only by the statement that writes or locks their job, so the job is always there.
-- readable-by: 20261124000001

ALTER TABLE e2i.outbox DROP CONSTRAINT outbox_job_id_fkey;
ALTER TABLE e2i.attempts DROP CONSTRAINT attempts_job_id_fkey;
ALTER TABLE e2i.results DROP CONSTRAINT results_job_id_fkey;

-- Sessions keep its plans, which may not rest on how small a table was when they were made.
CREATE FUNCTION e2i.delete_with_jobs() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN
    DELETE FROM e2i.outbox USING gone WHERE job_id = gone.id;
    DELETE FROM e2i.attempts USING gone WHERE job_id = gone.id;
    DELETE FROM e2i.results USING gone WHERE job_id = gone.id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION e2i.delete_with_jobs() FROM PUBLIC;
CREATE TRIGGER delete_with_jobs AFTER DELETE ON e2i.jobs REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION e2i.delete_with_jobs();

-- A job without a dataset needs no entry here, which each of its changes would write anew.
DROP INDEX e2i.jobs_of_dataset;
CREATE INDEX jobs_of_dataset ON e2i.jobs (dataset_id) WHERE dataset_id IS NOT NULL;

-- Datasets that are made from others: the recipe is kept with what was made, and the job that makes it is known.
-- readable-by: 20261124000001

ALTER TABLE e2i.datasets
    ADD COLUMN recipe               jsonb,
    -- No foreign key: where a dataset came from stays known when that is gone.
    ADD COLUMN derived_from         uuid,
    ADD COLUMN derived_from_version integer,
    ADD COLUMN derive_job           uuid UNIQUE REFERENCES e2i.jobs ON DELETE SET NULL,
    ADD CHECK ((recipe IS NULL) = (derived_from IS NULL)),
    ADD CHECK ((recipe IS NULL) = (derived_from_version IS NULL)),
    -- What could not be made has no columns, and says why.
    DROP CONSTRAINT datasets_check,
    ADD CONSTRAINT datasets_without_schema
        CHECK (schema IS NOT NULL OR state = 'uploading' OR (state = 'failed' AND recipe IS NOT NULL));

-- What is still being made from a dataset is looked for before that is deleted.
CREATE INDEX datasets_being_derived ON e2i.datasets (derived_from) WHERE state = 'uploading';

-- Resumable uploads: how far each has come, and where its bytes lie until they are a dataset.
-- readable-by: 20261124000001

CREATE TABLE e2i.uploads (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    workspace_id   uuid NOT NULL REFERENCES e2i.workspaces,
    name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),   -- the dataset's
    media_type     text,
    metadata       text,                        -- as the client sent it, to be given back
    length_bytes   bigint NOT NULL CHECK (length_bytes > 0),
    offset_bytes   bigint NOT NULL DEFAULT 0 CHECK (offset_bytes BETWEEN 0 AND length_bytes),
    part_count     bigint NOT NULL DEFAULT 0,
    state          text NOT NULL DEFAULT 'receiving' CHECK (state IN ('receiving', 'checking', 'stored', 'refused')),
    check_until    timestamptz,                 -- the lease of whoever makes a dataset of it; in the past: nobody does
    check_token    uuid,                        -- the fence: only its holder ends the check
    check_attempts integer NOT NULL DEFAULT 0,
    dataset_id     uuid UNIQUE REFERENCES e2i.datasets ON DELETE SET NULL,
    problem        jsonb,
    created_by     uuid NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    expires_at     timestamptz NOT NULL,
    CHECK ((state = 'receiving') = (offset_bytes < length_bytes)),
    CHECK ((state = 'checking') = (check_until IS NOT NULL)),
    CHECK ((state = 'refused') = (problem IS NOT NULL))
);
CREATE INDEX uploads_open ON e2i.uploads (created_by) WHERE state IN ('receiving', 'checking');
CREATE INDEX uploads_checking ON e2i.uploads (check_until) WHERE state = 'checking';
CREATE INDEX uploads_expiring ON e2i.uploads (expires_at);

-- One object of the store each. The row is written before the object, so that no object is ever unknown; it counts once
-- it has a size, which it gets in the same statement that moves the upload's offset.
CREATE TABLE e2i.upload_parts (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    upload_id   uuid NOT NULL REFERENCES e2i.uploads ON DELETE CASCADE,
    start_bytes bigint NOT NULL,
    size_bytes  bigint CHECK (size_bytes > 0),
    object_key  text NOT NULL UNIQUE
);
CREATE INDEX upload_parts_of_upload ON e2i.upload_parts (upload_id, start_bytes);
CREATE UNIQUE INDEX upload_parts_once ON e2i.upload_parts (upload_id, start_bytes) WHERE size_bytes IS NOT NULL;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['uploads', 'upload_parts'] LOOP
        EXECUTE format('ALTER TABLE e2i.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON e2i.%I FROM PUBLIC', t);
    END LOOP;
END $$;

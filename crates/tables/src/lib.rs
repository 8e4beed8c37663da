//! Files to tables: streaming upload, checks, schema inference, profiles, columns as Arrow, the object store.

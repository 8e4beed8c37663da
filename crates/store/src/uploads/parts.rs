//! The parts of an upload. One is announced, then its object is written, then it counts: killed in between, a gateway
//! leaves an object that is known.

use domain::ids::UploadId;
use domain::upload::UploadState;
use sqlx::FromRow;
use uuid::Uuid;

use super::bytes_column;
use crate::{Result, Store, row};

/// A part whose object may be written now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The part.
    pub part: Uuid,
    /// Where its object goes.
    pub object_key: String,
}

/// How far an upload has come with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Bytes that are there.
    pub offset_bytes: u64,
    /// `checking` with the last byte.
    pub state: UploadState,
}

/// A part that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it lies.
    pub object_key: String,
    /// Where it begins in the file.
    pub start_bytes: u64,
    /// Bytes of it.
    pub size_bytes: u64,
}

#[derive(FromRow)]
struct PartRow {
    object_key: String,
    start_bytes: i64,
    size_bytes: i64,
}

impl Store {
    /// Announces the part that begins at `start_bytes`. `None`: the upload is not there, takes no bytes any more, or has
    /// another offset by now.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn announce_part(&self, upload: UploadId, start_bytes: u64) -> Result<Option<Announced>> {
        let announced: Option<(Uuid, String)> = sqlx::query_as(
            "WITH next AS (SELECT gen_random_uuid() AS id)
             INSERT INTO e2i.upload_parts (id, upload_id, start_bytes, object_key)
             SELECT next.id, u.id, u.offset_bytes, 'uploads/' || next.id
             FROM next, e2i.uploads u
             WHERE u.id = $1 AND u.offset_bytes = $2 AND u.state = 'receiving' AND u.expires_at > now()
             RETURNING id, object_key",
        )
        .bind(upload.0)
        .bind(bytes_column(start_bytes))
        .fetch_optional(&self.pool)
        .await?;
        Ok(announced.map(|(part, object_key)| Announced { part, object_key }))
    }

    /// Lets a part count whose object is written, and moves the upload's offset behind it. `None`: the offset had been
    /// moved by somebody else, or the upload has ended; the part is to be taken back.
    ///
    /// # Errors
    /// When the database is away; the part may count nevertheless, so its object must stay.
    pub async fn add_part(
        &self,
        upload: UploadId,
        part: Uuid,
        start_bytes: u64,
        size_bytes: u64,
    ) -> Result<Option<Moved>> {
        let moved: Option<(i64, String)> = sqlx::query_as(
            "WITH moved AS (
                 UPDATE e2i.uploads SET offset_bytes = offset_bytes + $4, part_count = part_count + 1,
                     state = CASE WHEN offset_bytes + $4 = length_bytes THEN 'checking' ELSE state END,
                     check_until = CASE WHEN offset_bytes + $4 = length_bytes THEN now() END
                 WHERE id = $1 AND offset_bytes = $3 AND offset_bytes + $4 <= length_bytes AND state = 'receiving'
                   AND expires_at > now()
                 RETURNING offset_bytes, state
             ), counted AS (
                 UPDATE e2i.upload_parts SET size_bytes = $4 FROM moved WHERE id = $2
             )
             SELECT offset_bytes, state FROM moved",
        )
        .bind(upload.0)
        .bind(part)
        .bind(bytes_column(start_bytes))
        .bind(bytes_column(size_bytes))
        .fetch_optional(&self.pool)
        .await?;
        let read = |(offset, state): (i64, String)| -> Result<Moved> {
            Ok(Moved { offset_bytes: row::count(offset), state: row::name("uploads", &state)? })
        };
        moved.map(read).transpose()
    }

    /// Forgets a part that does not count, once its object is removed.
    ///
    /// # Errors
    /// When the database is away; the part goes with its upload.
    pub async fn take_back_part(&self, part: Uuid) -> Result<()> {
        sqlx::query("DELETE FROM e2i.upload_parts WHERE id = $1 AND size_bytes IS NULL")
            .bind(part)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The parts that count, in order.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn parts(&self, upload: UploadId) -> Result<Vec<Part>> {
        let rows: Vec<PartRow> = sqlx::query_as(
            "SELECT object_key, start_bytes, size_bytes FROM e2i.upload_parts
             WHERE upload_id = $1 AND size_bytes IS NOT NULL ORDER BY start_bytes",
        )
        .bind(upload.0)
        .fetch_all(&self.pool)
        .await?;
        let part = |part: PartRow| Part {
            object_key: part.object_key,
            start_bytes: row::count(part.start_bytes),
            size_bytes: row::count(part.size_bytes),
        };
        Ok(rows.into_iter().map(part).collect())
    }
}

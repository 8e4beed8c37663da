//! How everything stood last: for the copy of the service that does not lead, and for after a restart.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::error::Inside;
use super::{Keeper, Result, parse, stamp, written};
use crate::board::Picture;

impl Keeper {
    /// How everything stood last.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn picture(&self) -> Result<Option<Picture>> {
        self.read(|connection| {
            let body: Option<String> =
                connection.query_row("SELECT body FROM picture", [], |row| row.get(0)).optional()?;
            body.map(|body| parse("the picture", &body)).transpose()
        })
    }

    /// Notes how everything stands; [`super::Batch`] does it with what led to it.
    ///
    /// # Errors
    /// The history cannot be written.
    pub fn save_picture(&self, picture: &Picture) -> Result<()> {
        self.change(|tx| put(tx, picture))
    }
}

pub(super) fn put(tx: &Transaction<'_>, picture: &Picture) -> Inside<()> {
    let body = written("the picture", picture)?;
    tx.prepare(
        "INSERT INTO picture (one, at, body) VALUES (1, ?1, ?2)
         ON CONFLICT (one) DO UPDATE SET at = excluded.at, body = excluded.body",
    )?
    .execute(params![stamp(picture.at), body])?;
    Ok(())
}

//! Files that are read from their end: they are stored first and checked where they lie.

use domain::dataset::TableSchema;

use super::Given;
use super::kind::FileKind;
use crate::columnar::ParquetProblem;
use crate::objects::{ObjectAt, Objects};
use crate::text::{FileProblem, Limits, RecordError};
use crate::workbook::WorkbookProblem;
use crate::{columnar, workbook};

/// An object that is not known to be a table yet. Dropped before [`Unchecked::keep`] it is removed.
pub(super) struct Unchecked<'a> {
    objects: &'a Objects,
    key: Option<String>,
}

impl<'a> Unchecked<'a> {
    pub(super) fn new(objects: &'a Objects, key: &str) -> Self {
        Self { objects, key: Some(key.to_owned()) }
    }

    /// It is a table.
    pub(super) fn keep(mut self) {
        self.key = None;
    }

    /// It is none.
    pub(super) async fn remove(mut self) {
        if let Some(key) = self.key.take() {
            remove(self.objects, &key).await;
        }
    }
}

impl Drop for Unchecked<'_> {
    /// The caller went away.
    fn drop(&mut self) {
        if let (Some(key), Ok(runtime)) = (self.key.take(), tokio::runtime::Handle::try_current()) {
            let objects = self.objects.clone();
            runtime.spawn(async move { remove(&objects, &key).await });
        }
    }
}

async fn remove(objects: &Objects, key: &str) {
    if let Err(error) = objects.delete(key).await {
        tracing::warn!(key, %error, "an object that is no table could not be removed; the sweep will find it");
    }
}

/// Checks an object of such a kind. Blocks. When a library panics the file is taken for damaged: they are not made for
/// files that want to harm.
pub(super) fn check_object(
    kind: FileKind,
    object: ObjectAt,
    given: &Given,
    limits: &Limits,
) -> Result<TableSchema, RecordError> {
    let check = || match kind {
        FileKind::Parquet => columnar::check(object, limits),
        _ => workbook::check(&object, given.sheet.as_deref(), limits),
    };
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(check)).unwrap_or_else(|_| {
        let reason = "its contents contradict each other".to_owned();
        Err(RecordError::Problem(match kind {
            FileKind::Parquet => FileProblem::Parquet(ParquetProblem::Damaged { reason }),
            _ => FileProblem::Workbook(WorkbookProblem::Damaged { reason }),
        }))
    })
}

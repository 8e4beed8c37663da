//! The object store: something is written under one fixed key, read back, compared and removed, as a dataset would be.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chassis::clock::SharedClock;
use futures::TryStreamExt as _;
use tables::objects::{ObjectError, Objects, Options};

use super::{Blocking, Probe, innermost};
use crate::reading::Reading;

/// No dataset's: those lie under their own folders.
const KEY: &str = "health/probe";

/// The store of datasets and results.
#[derive(Debug)]
pub struct ObjectStore {
    location: String,
    options: Options,
    clock: SharedClock,
    opening: Blocking,
    /// Kept once it could be opened: a bucket has a thread and connections of its own.
    opened: tokio::sync::Mutex<Option<Arc<Objects>>>,
}

impl ObjectStore {
    /// At that place.
    #[must_use]
    pub fn at(location: String, options: Options, clock: SharedClock) -> Self {
        let opened = tokio::sync::Mutex::new(None);
        Self { location, options, clock, opening: Blocking::default(), opened }
    }

    async fn open(&self) -> Result<Arc<Objects>, String> {
        let mut opened = self.opened.lock().await;
        if let Some(objects) = &*opened {
            return Ok(Arc::clone(objects));
        }
        let (location, options) = (self.location.clone(), self.options.clone());
        let found = self.opening.run(move || Objects::open_with(&location, &options)).await?;
        let objects = Arc::new(found.map_err(|error| error.to_string())?);
        *opened = Some(Arc::clone(&objects));
        Ok(objects)
    }

    async fn round(&self, objects: &Objects) -> Result<(), String> {
        let written = self.clock.now().to_rfc3339();
        let because = |error: ObjectError| innermost(&error);
        objects.put(KEY, Bytes::from(written.clone())).await.map_err(|error| format!("write: {}", because(error)))?;
        let stream = objects.get_stream(KEY, None).await.map_err(|error| format!("read: {}", because(error)))?;
        let read: Vec<Bytes> = stream.try_collect().await.map_err(|error| format!("read: {}", because(error)))?;
        if read.concat() != written.as_bytes() {
            return Err("it gives back something else than was written".to_owned());
        }
        objects.delete(KEY).await.map_err(|error| format!("remove: {}", because(error)))
    }
}

#[async_trait]
impl Probe for ObjectStore {
    async fn look(&self) -> Reading {
        let outcome = match self.open().await {
            Ok(objects) => self.round(&objects).await,
            Err(words) => Err(words),
        };
        match outcome {
            Ok(()) => Reading::pass(),
            Err(words) => Reading::fail(words),
        }
    }
}

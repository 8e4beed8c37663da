//! The Claude API: whether it can be reached. It is asked without the key, for nothing that costs; its saying no is an
//! answer.

use async_trait::async_trait;
use url::Url;

use super::Probe;
use super::http::Asker;
use crate::reading::Reading;

/// The API.
#[derive(Debug)]
pub struct Claude {
    asker: Asker,
    url: Url,
}

impl Claude {
    /// At that address.
    #[must_use]
    pub fn at(asker: Asker, url: Url) -> Self {
        Self { asker, url }
    }
}

#[async_trait]
impl Probe for Claude {
    async fn look(&self) -> Reading {
        match self.asker.get(self.url.clone()).await {
            Ok(answer) if answer.status.is_server_error() => {
                Reading::fail(format!("answers {}", answer.status.as_u16()))
            }
            Ok(_) => Reading::pass(),
            Err(words) => Reading::fail(words),
        }
    }
}

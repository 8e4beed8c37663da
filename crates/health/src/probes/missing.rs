//! What there is not, here or not yet: said so, and never shown as a number.

use async_trait::async_trait;

use super::Probe;
use crate::reading::Reading;

/// Nothing to look at.
#[derive(Debug)]
pub struct Missing(&'static str);

impl Missing {
    /// Because of that.
    #[must_use]
    pub fn because(why: &'static str) -> Self {
        Self(why)
    }
}

#[async_trait]
impl Probe for Missing {
    async fn look(&self) -> Reading {
        Reading::not_configured(self.0)
    }
}

//! Something that answers 200 to a path: the web app's files, MLflow.

use async_trait::async_trait;

use super::http::Answer;
use super::place::Place;
use super::{Probe, beginning};
use crate::reading::Reading;

/// A page that has to be there.
#[derive(Debug)]
pub struct Page {
    place: Place,
    path: &'static str,
}

impl Page {
    /// `path` at that place.
    #[must_use]
    pub fn at(place: Place, path: &'static str) -> Self {
        Self { place, path }
    }
}

#[async_trait]
impl Probe for Page {
    async fn look(&self) -> Reading {
        self.place.ask(self.path, judge).await
    }
}

/// Well is what answers with success, and with something.
pub(crate) fn judge(answer: &Answer) -> Reading {
    if !answer.status.is_success() {
        return Reading::fail(format!("answers {}: {}", answer.status.as_u16(), beginning(&answer.body)));
    }
    if answer.body.is_empty() { Reading::fail("answers with nothing") } else { Reading::pass() }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn nothing_is_no_answer() {
        let judged = |status, body: &str| judge(&Answer { status, body: body.to_owned(), date: None });
        assert_eq!(judged(StatusCode::OK, "OK"), Reading::pass());
        assert!(judged(StatusCode::OK, "").words.contains("nothing"));
        assert!(judged(StatusCode::NOT_FOUND, "gone").words.contains("404: gone"));
    }
}

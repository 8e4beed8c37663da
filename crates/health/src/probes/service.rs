//! A service of ours by its own `/readyz`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use http::StatusCode;
use serde::Deserialize;

use super::http::Answer;
use super::place::Place;
use super::{Probe, beginning};
use crate::reading::Reading;

/// What `/readyz` says.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Readiness {
    status: String,
    /// The revision that runs.
    #[serde(default)]
    pub(crate) revision: String,
    #[serde(default)]
    draining: bool,
    #[serde(default)]
    checks: BTreeMap<String, CheckResult>,
}

#[derive(Debug, Clone, Deserialize)]
struct CheckResult {
    status: String,
    #[serde(default)]
    error: Option<String>,
}

/// A service that tells its readiness.
#[derive(Debug)]
pub struct Service(Place);

impl Service {
    /// At its private port.
    #[must_use]
    pub fn at(place: Place) -> Self {
        Self(place)
    }
}

#[async_trait]
impl Probe for Service {
    async fn look(&self) -> Reading {
        self.0.ask("/readyz", judge).await
    }
}

/// What an answer of `/readyz` means.
pub(crate) fn judge(answer: &Answer) -> Reading {
    let Ok(said) = serde_json::from_str::<Readiness>(&answer.body) else {
        let code = answer.status.as_u16();
        return Reading::fail(format!("answers {code} and says nothing of its readiness: {}", beginning(&answer.body)));
    };
    let not_well = |wanted: &str| {
        let found = said.checks.iter().filter(|(_, check)| check.status == wanted);
        let words = found.map(|(name, check)| match &check.error {
            Some(error) => format!("{name}: {}", beginning(error)),
            None => name.clone(),
        });
        words.collect::<Vec<_>>().join("; ")
    };
    match (answer.status, said.status.as_str()) {
        (StatusCode::OK, "pass") => Reading::pass(),
        (StatusCode::OK, "warn") => Reading::warn(format!("it serves on without {}", not_well("warn"))),
        _ if said.draining => Reading::fail("it is ending: it takes no new work"),
        _ => Reading::fail(format!("it is not ready: {}", not_well("fail"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Verdict;

    fn judged(status: StatusCode, body: &str) -> Reading {
        judge(&Answer { status, body: body.to_owned(), date: None })
    }

    #[test]
    fn readiness_is_told_with_what_is_wrong() {
        assert_eq!(judged(StatusCode::OK, r#"{"status":"pass","revision":"a"}"#), Reading::pass());
        let warn =
            r#"{"status":"warn","checks":{"redis":{"status":"warn","error":"refused"},"postgres":{"status":"pass"}}}"#;
        let warn = judged(StatusCode::OK, warn);
        assert_eq!((warn.verdict, warn.words.as_str()), (Verdict::Warn, "it serves on without redis: refused"));
        let fail = judged(
            StatusCode::SERVICE_UNAVAILABLE,
            r#"{"status":"fail","checks":{"postgres":{"status":"fail","error":"away"}}}"#,
        );
        assert_eq!((fail.verdict, fail.words.as_str()), (Verdict::Fail, "it is not ready: postgres: away"));
        let drain = judged(StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"fail","draining":true}"#);
        assert!(drain.words.contains("ending"), "{drain:?}");
        assert!(judged(StatusCode::BAD_GATEWAY, "<html>").words.contains("502"));
    }
}

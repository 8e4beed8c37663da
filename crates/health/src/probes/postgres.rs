//! Postgres: whether it takes a connection and answers, how many it still takes, and which schema it has.

use async_trait::async_trait;
use chassis::config::Secret;
use store::glance::{self, DatabaseGlance};

use super::{Probe, beginning};
use crate::reading::{Reading, Unit};

const WARN_SHARE: f64 = 0.85;

/// The platform's database.
#[derive(Debug)]
pub struct Postgres(Secret<String>);

impl Postgres {
    /// At that address.
    #[must_use]
    pub fn at(url: Secret<String>) -> Self {
        Self(url)
    }
}

#[async_trait]
impl Probe for Postgres {
    async fn look(&self) -> Reading {
        match glance::database(self.0.expose()).await {
            Ok(glance) => judge(&glance),
            Err(error) => Reading::fail(beginning(&error.to_string())),
        }
    }
}

/// What people call it: Supabase's has another console, and another support.
#[must_use]
pub fn title(url: &str) -> &'static str {
    let host =
        url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_ascii_lowercase)).unwrap_or_default();
    let is_supabase = [".supabase.co", ".supabase.com"].iter().any(|domain| host.ends_with(domain));
    if is_supabase { "Supabase Postgres" } else { "Postgres" }
}

fn judge(glance: &DatabaseGlance) -> Reading {
    let (open, most) = (glance.connections, glance.max_connections);
    let is_crowded = most > 0 && open as f64 / most as f64 >= WARN_SHARE;
    let reading = match &glance.schema_problem {
        Some(problem) => Reading::warn(problem.clone()),
        None if is_crowded => Reading::warn(format!("{open} of {most} connections are taken")),
        None => Reading::pass(),
    };
    let reading = reading.with("connections", open as f64, Unit::Count);
    match glance.schema {
        Some(schema) => reading.with("schema version", schema as f64, Unit::Count),
        None => reading,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Verdict;

    #[test]
    fn a_crowded_or_old_database_is_a_warning() {
        let now = chrono::DateTime::UNIX_EPOCH;
        let glance = |connections, problem: Option<&str>| DatabaseGlance {
            now,
            version: "16.4".into(),
            connections,
            max_connections: 100,
            schema: Some(7),
            schema_problem: problem.map(str::to_owned),
        };
        assert_eq!(judge(&glance(9, None)).verdict, Verdict::Pass);
        assert!(judge(&glance(90, None)).words.contains("90 of 100"));
        assert_eq!(judge(&glance(9, Some("run migrate"))).words, "run migrate");
    }

    #[test]
    fn supabase_is_called_by_its_name() {
        assert_eq!(title("postgresql://u:p@db.abcd.supabase.co:5432/postgres"), "Supabase Postgres");
        assert_eq!(title("postgresql://u:p@aws-0-eu.pooler.supabase.com:5432/postgres"), "Supabase Postgres");
        assert_eq!(title("postgresql://u:p@postgres:5432/e2i"), "Postgres");
    }
}

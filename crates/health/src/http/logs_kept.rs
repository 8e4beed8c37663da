//! How many days of logs are really kept: the shipper of logs writes it into a file (`docs/logs.md`).

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

/// It is written every 15 s; what is older than this nobody looks after any more.
const OLD_AFTER: TimeDelta = TimeDelta::minutes(10);

/// The members of the file that count here.
#[derive(Debug, Deserialize)]
struct Kept {
    days: f64,
    written_at: DateTime<Utc>,
}

/// The days; none where no shipper has written them lately.
pub(super) async fn days(file: &Path, now: DateTime<Utc>) -> Option<f64> {
    let text = match tokio::fs::read_to_string(file).await {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            tracing::warn!("HEALTH_LOGS_KEPT_FILE: {} cannot be read: {error}", file.display());
            return None;
        }
    };
    match read(&text, now) {
        Ok(days) => days,
        Err(error) => {
            tracing::warn!("HEALTH_LOGS_KEPT_FILE: {} does not say how many days are kept: {error}", file.display());
            None
        }
    }
}

fn read(text: &str, now: DateTime<Utc>) -> serde_json::Result<Option<f64>> {
    let kept: Kept = serde_json::from_str(text)?;
    Ok((now - kept.written_at < OLD_AFTER && kept.days >= 0.0).then_some(kept.days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_after_counts() {
        let text = r#"{"days":12.41,"oldest":"2026-11-14T12:01:07.1Z","bytes":731906048,"limit_bytes":2147483648,
                       "keep_days":30,"written_at":"2026-11-26T22:00:00Z"}"#;
        let at = |text: &str| text.parse().unwrap();
        assert_eq!(read(text, at("2026-11-26T22:00:20Z")).unwrap(), Some(12.41));
        assert_eq!(read(text, at("2026-11-26T22:10:00Z")).unwrap(), None);
        assert!(read("12", at("2026-11-26T22:10:00Z")).is_err());
    }
}

//! What keeps the journal from growing for ever.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::named_params;

use super::{Journal, Result, stamp};

/// Of how many deployments the steps and logs are kept; of older ones the line in the list.
const DETAILED: i64 = 200;

/// How many deployments are kept at all.
const DEPLOYMENTS: i64 = 5_000;

/// How long deliveries are remembered. GitHub delivers again for three days.
const DELIVERIES_DAYS: i64 = 30;

/// How many considered commits are remembered.
const HEADS: i64 = 5_000;

/// How many lines of the audit log are kept.
const AUDIT: i64 = 20_000;

/// How long a message that was delivered is remembered.
const MESSAGES_DAYS: i64 = 30;

impl Journal {
    /// Removes what is old enough: says what, in words, or nothing where there was nothing.
    ///
    /// # Errors
    /// The journal cannot be written, or another deployer leads.
    pub fn prune(&self, now: DateTime<Utc>) -> Result<Option<String>> {
        let newest: i64 = self.read(|connection| {
            Ok(connection.query_row("SELECT COALESCE(MAX(id), 0) FROM deployments", [], |row| row.get(0))?)
        })?;
        let detailed = newest - DETAILED;
        let (steps, deployments) = self.write_fenced(|tx| {
            // What is live, or can be gone back to, keeps its row however old it is.
            let steps = tx.execute("DELETE FROM steps WHERE deployment <= ?1", [detailed])?;
            let deployments = tx.execute(
                "DELETE FROM deployments WHERE id <= ?1 AND state NOT IN ('live', 'replaced', 'stuck', 'pending', 'running', 'taking_back')",
                [newest - DEPLOYMENTS],
            )?;
            tx.execute(
                "DELETE FROM heads WHERE id <= (SELECT MAX(id) FROM heads) - ?1",
                [HEADS],
            )?;
            tx.execute("DELETE FROM audit WHERE id <= (SELECT MAX(id) FROM audit) - ?1", [AUDIT])?;
            tx.execute(
                "DELETE FROM deliveries WHERE is_open = 0 AND received_at < :before",
                named_params! { ":before": stamp(now - TimeDelta::days(DELIVERIES_DAYS)) },
            )?;
            tx.execute(
                "DELETE FROM outbox WHERE delivered_at IS NOT NULL AND delivered_at < :before",
                named_params! { ":before": stamp(now - TimeDelta::days(MESSAGES_DAYS)) },
            )?;
            Ok((steps, deployments))
        })?;
        let logs = self.remove_logs_up_to(detailed)?;
        if steps + deployments + logs == 0 {
            return Ok(None);
        }
        Ok(Some(format!(
            "of deployments up to #{detailed} {steps} steps and {logs} logs were removed, {deployments} deployments altogether"
        )))
    }
}

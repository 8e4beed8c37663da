//! The guards of dispatch, and how to take each out: to prove that the checker sees what they prevent.
//!
//! The product has no switch for that. The statements are changed on the wire, in the proxy between a process and
//! Postgres ([`crate::proxy::frames`]), by the table [`RULES`]. When `store` words a statement differently, the test below
//! and every run with a guard taken out fail: change the table.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use clap::ValueEnum;
use serde::Serialize;

/// What keeps work from being doubled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// The claim's compare-and-set: only a queued job, only by the entry of its present dispatch.
    Claim,
    /// The fence: only the current attempt ends a job, and only once.
    Fence,
}

/// In the statement that has `marker` in it, `pattern` becomes `replacement`.
struct Rule {
    guard: Guard,
    marker: &'static str,
    pattern: &'static str,
    replacement: &'static str,
}

/// Every parameter stays in the statement, so that Postgres still knows its type.
const RULES: &[Rule] = &[
    Rule {
        guard: Guard::Claim,
        marker: "attempt = j.attempt + 1",
        pattern: "WHERE j.state = 'queued'",
        replacement: "WHERE j.state IN ('queued', 'running')",
    },
    Rule {
        guard: Guard::Claim,
        marker: "attempt = j.attempt + 1",
        pattern: "AS given(id, dispatch_seq) USING (id, dispatch_seq)",
        replacement: "AS given(id, dispatch_seq) USING (id)",
    },
    Rule {
        guard: Guard::Fence,
        marker: "given(id, attempt, state, failure",
        pattern: "given.attempt = j.attempt",
        replacement: "given.attempt <= j.attempt",
    },
    Rule {
        guard: Guard::Fence,
        marker: "given(id, attempt, state, failure",
        pattern: "WHERE j.state = 'running'",
        replacement: "WHERE j.state IN ('running', 'succeeded')",
    },
    // That a job has one row of results would otherwise stand in for the fence.
    Rule {
        guard: Guard::Fence,
        marker: "given(id, attempt, state, failure",
        pattern: "FROM ended WHERE ended.state = 'succeeded'",
        replacement: "FROM ended WHERE ended.state = 'succeeded' \
                      ON CONFLICT (job_id) DO UPDATE SET attempt = excluded.attempt, result = excluded.result",
    },
];

/// A guard that is taken out, and whether it really was.
#[derive(Debug)]
pub struct Removal {
    guard: Guard,
    changed: AtomicU64,
    not_found: Mutex<Option<&'static str>>,
}

impl Removal {
    /// Of that guard.
    #[must_use]
    pub const fn of(guard: Guard) -> Self {
        Self { guard, changed: AtomicU64::new(0), not_found: Mutex::new(None) }
    }

    /// The statement without the guard; `None` for one that has no part in it.
    pub fn change(&self, statement: &str) -> Option<String> {
        let mut changed = None;
        for rule in RULES.iter().filter(|rule| rule.guard == self.guard && statement.contains(rule.marker)) {
            let before: &str = changed.as_deref().unwrap_or(statement);
            if !before.contains(rule.pattern) {
                *self.not_found.lock().unwrap_or_else(PoisonError::into_inner) = Some(rule.pattern);
                return None;
            }
            changed = Some(before.replacen(rule.pattern, rule.replacement, 1));
        }
        self.changed.fetch_add(u64::from(changed.is_some()), Ordering::Relaxed);
        changed
    }

    /// How many statements were changed.
    ///
    /// # Errors
    /// When none was, or one had its marker and not its pattern: then the guard was in place.
    pub fn proven(&self) -> anyhow::Result<u64> {
        if let Some(pattern) = *self.not_found.lock().unwrap_or_else(PoisonError::into_inner) {
            anyhow::bail!("the guard to take out was not found: no `{pattern}` in its statement; adapt chaos::guards");
        }
        match self.changed.load(Ordering::Relaxed) {
            0 => {
                anyhow::bail!("the guard to take out was not found: its statement was never sent; adapt chaos::guards")
            }
            count => Ok(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATEMENTS: [(Guard, &str); 2] = [
        (Guard::Claim, include_str!("../../store/src/attempts/claim.sql")),
        (Guard::Fence, include_str!("../../store/src/attempts/end.sql")),
    ];

    #[test]
    fn every_rule_finds_what_it_takes_out_once() {
        for rule in RULES {
            let (_, statement) = STATEMENTS.iter().find(|(guard, _)| *guard == rule.guard).unwrap();
            assert!(statement.contains(rule.marker), "no `{}`", rule.marker);
            assert_eq!(statement.matches(rule.pattern).count(), 1, "`{}`", rule.pattern);
        }
    }

    #[test]
    fn a_guard_is_taken_out_of_its_own_statement_alone() {
        for (guard, statement) in STATEMENTS {
            let removal = Removal::of(guard);
            assert!(removal.proven().is_err());
            assert!(removal.change("SELECT 1").is_none());
            let changed = removal.change(statement).unwrap();
            for rule in RULES.iter().filter(|rule| rule.guard == guard) {
                assert!(changed.contains(rule.replacement), "{changed}");
            }
            assert_eq!(removal.proven().unwrap(), 1);
        }
    }

    #[test]
    fn a_statement_worded_differently_is_no_proof() {
        let removal = Removal::of(Guard::Claim);
        assert!(removal.change("UPDATE e2i.jobs j SET attempt = j.attempt + 1 WHERE state = 'waiting'").is_none());
        assert!(removal.proven().unwrap_err().to_string().starts_with("the guard to take out was not found"));
    }
}

//! The result of `causal_impact` in a few lines for a person.

use serde_json::Value;

pub(super) fn of(result: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(result)?)
}

//! `GET /health` in the shape of draft-inadarei-api-health-check-06 (`application/health+json`), with a few members more.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Overall;
use crate::board::State;
use crate::part::PartId;

/// How everything stands, for programs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Health)]
pub struct HealthView {
    /// The whole: `pass` and `warn` are answered with 200, `fail` with 503.
    pub status: Overall,
    /// The platform's version.
    pub version: String,
    /// The revision of this service; the draft's name for it.
    #[serde(rename = "releaseId")]
    pub release_id: String,
    /// The same.
    pub revision: String,
    /// Who answers.
    #[serde(rename = "serviceId")]
    pub service_id: String,
    /// What it answers for.
    pub description: String,
    /// When anything was looked at last.
    pub time: DateTime<Utc>,
    /// How many seconds ago that was, by a clock that does not jump.
    pub age_s: f64,
    /// Why the answer itself is not to be trusted, if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Each part by its id; the draft allows several checks of one part, here it is always one.
    pub checks: BTreeMap<PartId, Vec<CheckView>>,
}

/// How one part stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = HealthCheck)]
pub struct CheckView {
    /// The part.
    #[serde(rename = "componentId")]
    pub component_id: PartId,
    /// What is to be thought of it, in the draft's three words: a part that is not looked at yet warns, one that is not
    /// configured passes.
    pub status: Overall,
    /// How it stands, exactly.
    pub state: State,
    /// Whether the platform can do nothing without it.
    pub critical: bool,
    /// When it was looked at last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<DateTime<Utc>>,
    /// How many seconds ago that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_s: Option<f64>,
    /// Since when it stands so; for admins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// How long it took to answer, in `observedUnit`; for admins.
    #[serde(rename = "observedValue", skip_serializing_if = "Option::is_none")]
    pub observed_value: Option<f64>,
    /// Always `ms`; for admins.
    #[serde(rename = "observedUnit", skip_serializing_if = "Option::is_none")]
    pub observed_unit: Option<String>,
    /// The part that is to blame; for admins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressed_by: Option<PartId>,
    /// Why it does not pass, in words; for admins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
}

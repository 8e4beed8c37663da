//! The invented panel's way, over HTTP and through every process, to an effect that is the planted one.

use domain::agents::causal_impact::{CausalImpactResult, PanelReport};
use local::client::Event;
use local::demo::panel::{self, Invented};
use serde_json::Value;

use crate::house::{admin, id, platform};

#[tokio::test]
async fn the_invented_panel_gives_the_planted_effect_and_says_synthetic() {
    let platform = platform(&[]).await;
    let client = admin(&platform).await;
    let invented = Invented::draw();
    let mut left: Vec<f64> = Vec::new();
    let hear = |event: &Event| {
        let progress: Value = serde_json::from_str(&event.data).unwrap();
        left.extend(progress["remaining_s"].as_f64());
    };
    let answer = panel::ask(&client, &invented, hear).await.unwrap();
    assert!(!left.is_empty() && left.iter().all(|seconds| *seconds >= 0.0), "the time left is told: {left:?}");

    let dataset = answer.analysis["dataset_id"].as_str().unwrap();
    let dataset = client.get(&format!("/api/v1/datasets/{dataset}")).await.unwrap();
    assert!(dataset["name"].as_str().unwrap().contains("synthetic"), "{}", id(&dataset));

    let result: CausalImpactResult = serde_json::from_value(answer.result).unwrap();
    let away = (result.estimate - invented.planted()).abs();
    assert!(away < 3.0 * result.standard_error, "{} +- {}", result.estimate, result.standard_error);
    // Those who join prescribe more anyway: without their own past the effect is far off.
    assert!((invented.naive().difference() - invented.planted()).abs() > 10.0 * result.standard_error);
    let Some(PanelReport::Panel(found)) = &result.panel else { panic!("{:?}", result.panel) };
    let starts: Vec<&str> = found.cohorts.iter().map(|cohort| cohort.start.as_str()).collect();
    assert_eq!((starts, found.staggered), (invented.starts(), true));

    let report = panel::report(&invented, &result);
    let first = report.trim_start().lines().next().unwrap();
    assert!(first.starts_with("SYNTHETIC DATA"), "{first}");
    for part in ["planted", "months since the start", "By start", "two-way fixed effects", "value over cost"] {
        assert!(report.contains(part), "no {part} in:\n{report}");
    }
    platform.stop().await;
}

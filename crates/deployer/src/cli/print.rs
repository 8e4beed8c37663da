//! What people read.

use std::fmt::Write as _;
use std::io::Write as _;

use serde_json::Value;

/// A line to standard output; a closed pipe (`| head`) is no panic.
pub(super) fn line(text: &str) {
    let _closed_pipe = writeln!(std::io::stdout(), "{text}");
}

/// One JSON document.
pub(super) fn json(value: &Value) {
    line(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// `#12 live: Say hello (a10867b14bb7 by Ann), asked for by ann@example.org, 95 s`
pub(super) fn summary(summary: &Value) -> String {
    let commit = &summary["commit"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let id: String = text(&commit["id"]).chars().take(12).collect();
    let state = text(&summary["state"]).replace('_', " ");
    let back = summary["target"].as_i64().map(|target| format!(", back to #{target}")).unwrap_or_default();
    let mut words =
        format!("#{} {state}{back}: {} ({id} by {})", summary["id"], text(&commit["subject"]), text(&commit["author"]));
    // Writing into a text cannot fail.
    if let Some(by) = summary["by"].as_str() {
        let _ = write!(words, ", asked for by {by}");
    }
    if let Some(seconds) = summary["seconds"].as_f64() {
        let _ = write!(words, ", {seconds:.0} s");
    }
    if let Some(step) = summary["step"].as_str() {
        let _ = write!(words, ", now {step}");
    }
    if let Some(reason) = summary["reason"].as_str() {
        let _ = write!(words, "\n   {reason}");
    }
    words
}

/// What is live, under way, next; what holds it back.
pub(super) fn overview(overview: &Value) {
    for (name, key) in [("live", "live"), ("under way", "running"), ("next", "pending"), ("STUCK", "stuck")] {
        if !overview[key].is_null() {
            line(&format!("{name:<10} {}", summary(&overview[key])));
        }
    }
    if overview["live"].is_null() {
        line("live       nothing that this deployer knows of");
    }
    if let Some(pin) = overview["pin"].as_object() {
        let (to, by) = (&pin["deployment"], pin["by"].as_str().unwrap_or_default());
        line(&format!("pinned     to #{to} by {by}: {}", pin["reason"].as_str().unwrap_or_default()));
    }
    if overview["paused"] == true {
        line("paused     the maintenance page is up");
    }
    if let Some(waits) = overview["head"]["waits"].as_str() {
        let commit: String = overview["head"]["commit"].as_str().unwrap_or_default().chars().take(12).collect();
        line(&format!("waiting    {commit}: {waits}"));
    }
    for one in overview["quarantine"].as_array().into_iter().flatten() {
        let commit: String = one["commit"]["id"].as_str().unwrap_or_default().chars().take(12).collect();
        line(&format!(
            "held back  {commit} since #{}: {}",
            one["deployment"],
            one["reason"].as_str().unwrap_or_default()
        ));
    }
    let kept: Vec<String> = overview["kept"].as_array().into_iter().flatten().map(|id| format!("#{id}")).collect();
    line(&format!("kept       {}", if kept.is_empty() { "none".to_owned() } else { kept.join(", ") }));
    if let Some(share) = overview["disk"]["used_share"].as_f64() {
        let level = overview["disk"]["level"].as_str().unwrap_or_default().replace('_', " ");
        line(&format!("disk       {:.0} % used ({level})", share * 100.0));
    }
}

/// What a deploy would change.
pub(super) fn plan(plan: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let short = |value: &Value| text(value).chars().take(12).collect::<String>();
    line(&format!("{} {}", short(&plan["commit"]["id"]), text(&plan["commit"]["subject"])));
    for service in plan["services"].as_array().into_iter().flatten() {
        let (name, action) = (text(&service["service"]), text(&service["action"]).replace('_', " "));
        let (from, to) = (short(&service["from"]), short(&service["to"]));
        line(&format!("  {name:<13} {action:<12} {from:>12} -> {to}, image: {}", text(&service["image"])));
    }
    for migration in plan["migrations"].as_array().into_iter().flatten() {
        line(&format!("  migration     {}", text(migration)));
    }
    if plan["configuration_changes"] == true {
        line("  nginx         its configuration changes");
    }
    if let Some(seconds) = plan["predicted_seconds"].as_f64() {
        line(&format!("  about {seconds:.0} s"));
    }
    for refusal in plan["refusals"].as_array().into_iter().flatten() {
        line(&format!("  REFUSED NOW   {}", text(refusal)));
    }
}

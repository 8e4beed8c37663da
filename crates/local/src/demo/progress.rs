//! How far an analysis is: one line that moves on a terminal, a line a step elsewhere.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::client::Event;
use crate::console::say;

/// The line.
pub(super) struct Progress {
    bar: ProgressBar,
    on_terminal: bool,
}

impl Progress {
    pub(super) fn new() -> Self {
        let on_terminal = std::io::stderr().is_terminal();
        let bar = if on_terminal { ProgressBar::new(100) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos:>3} %  {msg}") {
            bar.set_style(style);
        }
        bar.set_message("uploading");
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar, on_terminal }
    }

    pub(super) fn hear(&self, event: &Event) {
        let Ok(data) = serde_json::from_str::<Value>(&event.data) else { return };
        let state = data["state"].as_str();
        let step = data["step"].as_str().or(state).unwrap_or_default().to_owned();
        if let Some(fraction) = data["fraction"].as_f64() {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 100")]
            self.bar.set_position((fraction.clamp(0.0, 1.0) * 100.0).round() as u64);
        }
        let step = with_time_left(step, data["remaining_s"].as_f64());
        if !self.on_terminal && !step.is_empty() && self.bar.message() != step {
            say(&format!("  {step}"));
        }
        self.bar.set_message(step);
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// As in `event study, about 12 s left`; nothing where less than a second is left or it is not known.
fn with_time_left(step: String, remaining_s: Option<f64>) -> String {
    match remaining_s {
        Some(left) if left >= 1.0 => format!("{step}, about {left:.0} s left"),
        _ => step,
    }
}

#[cfg(test)]
mod tests {
    use super::with_time_left;

    #[test]
    fn the_time_left_is_told_where_it_is_known() {
        let told = |left| with_time_left("event study".to_owned(), left);
        assert_eq!(told(Some(12.4)), "event study, about 12 s left");
        assert_eq!(told(Some(0.3)), "event study");
        assert_eq!(told(None), "event study");
    }
}

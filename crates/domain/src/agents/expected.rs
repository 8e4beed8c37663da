//! What an analysis will take before it is run, and whether that is within limits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an analysis is expected to take, on one idle processor of the kind that the rates were measured on. Right
/// within a factor of about two; a busy machine takes longer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct Expected {
    /// Seconds in all.
    pub seconds: f64,
    /// Most bytes at once.
    pub memory_bytes: u64,
    /// One entry a step, in the order of the run.
    pub by_step: Vec<ExpectedStep>,
}

/// What one step is expected to take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct ExpectedStep {
    /// The step in a few words.
    pub step: String,
    /// Seconds.
    pub seconds: f64,
    /// Bytes while it runs.
    pub memory_bytes: u64,
    /// What makes it smaller.
    pub smaller: String,
}

/// What an analysis may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Seconds.
    pub seconds: f64,
    /// Bytes.
    pub memory_bytes: u64,
}

impl Expected {
    /// Adds a step: seconds add up, of the bytes the most at once stay.
    pub fn add(&mut self, step: ExpectedStep) {
        self.seconds += step.seconds;
        self.memory_bytes = self.memory_bytes.max(step.memory_bytes);
        self.by_step.push(step);
    }

    /// What has to become smaller to stay within `limits`, in sentences; empty when it fits.
    #[must_use]
    pub fn advice(&self, limits: &Limits) -> Vec<String> {
        let mut advice = self.seconds_advice(limits.seconds);
        for step in self.by_step.iter().filter(|step| step.memory_bytes > limits.memory_bytes) {
            let (bytes, most) = (mebibytes(step.memory_bytes), mebibytes(limits.memory_bytes));
            let sentence =
                format!("`{}` needs about {bytes} MiB of memory, {most} are allowed: {}", step.step, step.smaller);
            advice.push(sentence);
        }
        advice
    }

    /// The costliest steps, until the rest fits.
    fn seconds_advice(&self, limit: f64) -> Vec<String> {
        let mut steps: Vec<&ExpectedStep> = self.by_step.iter().collect();
        steps.sort_by(|left, right| right.seconds.total_cmp(&left.seconds));
        let (mut left, mut advice) = (self.seconds, Vec::new());
        for step in steps {
            if left <= limit {
                break;
            }
            left -= step.seconds;
            let sentence = format!(
                "`{}` takes about {:.0} s of {:.0} in all, {limit:.0} are allowed: {}",
                step.step, step.seconds, self.seconds, step.smaller
            );
            advice.push(sentence);
        }
        advice
    }
}

const fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected() -> Expected {
        let mut expected = Expected::default();
        for (step, seconds, memory_bytes) in [("reading", 2.0, 300), ("trees", 50.0, 200), ("refuters", 20.0, 100)] {
            expected.add(ExpectedStep { step: step.into(), seconds, memory_bytes, smaller: format!("less {step}") });
        }
        expected
    }

    #[test]
    fn seconds_add_up_and_memory_is_the_most_at_once() {
        assert_eq!((expected().seconds, expected().memory_bytes), (72.0, 300));
    }

    #[test]
    fn advice_names_what_is_too_large_and_no_more() {
        let about = |seconds, memory_bytes| {
            let advice = expected().advice(&Limits { seconds, memory_bytes });
            advice
                .iter()
                .map(|sentence| sentence.rsplit(": ").next().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        assert!(about(72.0, 300).is_empty());
        assert_eq!(about(60.0, 300), ["less trees"]);
        assert_eq!(about(10.0, 300), ["less trees", "less refuters"]);
        assert_eq!(about(100.0, 250), ["less reading"]);
        assert_eq!(about(60.0, 150), ["less trees", "less reading", "less trees"]);
    }
}

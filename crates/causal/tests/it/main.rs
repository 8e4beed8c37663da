//! Integration tests of the causal crate: published values, properties, refusals, behaviour under known truth.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its data must stop")]

mod again;
mod behaviour;
mod checks;
mod data;
mod doubly_robust;
mod group_time;
mod matching;
mod omitted_variable;
mod panel;
mod properties;
mod published;
mod refits;
mod refusals;
mod refute_panel;
mod soundness;
mod weighting;

//! Integration tests of the causal crate: published values, properties, refuters against slow refits.

mod data;
mod published;

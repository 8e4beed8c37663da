//! Integration tests of the agents: whole files through the store, the check and the computation.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its data must stop")]

mod before_after;
mod causal_impact;
mod derive;
mod formats;
mod reproduce;
mod stored;

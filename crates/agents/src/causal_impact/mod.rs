//! `causal_impact`: being written.

//! Causal estimators, refuters and diagnostics: pure, seeded, deterministic numerics.

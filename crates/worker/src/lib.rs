//! Takes analyses off Redis, runs agents in child processes, stores results.

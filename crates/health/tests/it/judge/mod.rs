//! What people are told, and what they are not.

mod clocks;
mod flapping;
mod properties;
mod restarts;
mod roots;
mod thresholds;
mod windows;

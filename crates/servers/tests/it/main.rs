//! The private servers, with real processes.

mod owner_killed;
mod postgres;
mod redis;
mod shared;
mod talk;

//! The private servers, with real processes.

#[cfg(test)]
mod owner_killed;
mod postgres;
mod redis;
mod shared;
#[cfg(test)]
mod talk;

//! The API over a real socket: what it tells whom, how fast, and what is ordered by it.

mod access;
mod alerts;
mod beats;
mod house;
mod load;
mod private;
mod seed;
mod states;
mod watching;
mod windows;

//! What is watched and how: against real servers, real sockets and the real program.

mod bucket;
mod copies;
mod looks;
mod outside;
mod program;
mod releases;
mod rig;
mod servers_seen;
mod street;

//! The deployer's surface over the engine, the journal and the world on paper: HTTP, webhook, events, messages, commands.

mod access;
mod announcing;
mod commands;
mod events;
mod github_server;
mod hooks;
mod house;
mod orders;
mod runs;
mod socket;

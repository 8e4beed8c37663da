//! Resumable uploads: the protocol, bytes that are cut, what becomes of all bytes, and how uploads end.

mod access;
mod bucket;
mod checking;
mod client;
mod cuts;
mod disk;
mod ends;
mod killed;
mod limits;
mod protocol;
mod tus_js;

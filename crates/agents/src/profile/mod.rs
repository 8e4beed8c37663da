//! `profile`: being written.

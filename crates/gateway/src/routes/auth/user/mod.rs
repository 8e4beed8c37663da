//! `/auth/v1/user`: the caller, as supabase-js knows users.

pub(super) mod get;
pub(super) mod put;

//! `/api/v1/account/sessions`: where the caller is signed in. Kept here in the local mode alone.

pub(super) mod end;
pub(super) mod list;

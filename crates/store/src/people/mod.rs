//! People: users, sessions, links, workspaces, audit. (Being written.)

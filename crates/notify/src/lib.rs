//! Messages to people by Slack and mail, from an outbox that loses none.

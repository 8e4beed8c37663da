//! nginx's access log (nginx/access-log.conf), counted by the container that was asked. Pure.
//!
//! A request may be tried at two servers, the second of which saves it: for the client that is no error, for the first
//! server it is one. So attempts are counted and not requests, each with its own status.

use serde::Deserialize;

use crate::ports::Traffic;

/// Said by nginx for its own sake: the client went away before there was an answer.
const CLIENT_CLOSED: u16 = 499;
/// A refusal and no fault: the disk is nearly full, under any release.
const NO_ROOM: u16 = 507;

#[derive(Deserialize)]
struct Line<'a> {
    status: u16,
    /// One for each attempt, with commas between; an upstream's name when no server of it could be asked.
    #[serde(borrow)]
    upstream: std::borrow::Cow<'a, str>,
    /// As many; `-` where none came.
    #[serde(borrow)]
    upstream_status: std::borrow::Cow<'a, str>,
}

/// Attempts at some addresses.
pub(crate) struct Attempts {
    addresses: Vec<String>,
    traffic: Traffic,
}

impl Attempts {
    /// None yet at these addresses (without ports).
    pub(crate) fn on(addresses: Vec<String>) -> Self {
        Self { addresses, traffic: Traffic::default() }
    }

    /// Counts a line; what is none of the access log is passed over.
    pub(crate) fn read(&mut self, line: &str) {
        let Ok(line) = serde_json::from_str::<Line<'_>>(line) else { return };
        let servers: Vec<&str> = line.upstream.split(", ").collect();
        let statuses: Vec<&str> = line.upstream_status.split(", ").collect();
        let last = servers.len() - 1;
        for (index, server) in servers.iter().enumerate() {
            if !self.is_ours(server) {
                continue;
            }
            let status: Option<u16> = statuses.get(index).and_then(|status| status.parse().ok());
            let is_error = match status {
                Some(status) => status >= 500 && status != NO_ROOM,
                // No answer: the client left, or the server did not give one.
                None => index < last || (line.status >= 500 && line.status != CLIENT_CLOSED),
            };
            self.traffic.requests += 1;
            self.traffic.errors += u64::from(is_error);
        }
    }

    /// One of the addresses, or no server at all of an upstream whose servers they are.
    fn is_ours(&self, server: &str) -> bool {
        let address = server.rsplit_once(':').map_or(server, |(address, _)| address);
        matches!(server, "gateway" | "frontend") || self.addresses.iter().any(|ours| ours == address)
    }

    /// What was counted.
    pub(crate) fn traffic(self) -> Traffic {
        self.traffic
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[(u16, &str, &str)]) -> (u64, u64) {
        let mut attempts = Attempts::on(vec!["172.18.0.9".to_owned()]);
        for (status, upstream, upstream_status) in lines {
            let line = serde_json::json!({
                "time": "2026-11-26T10:00:00+00:00", "path": "/", "status": status, "upstream": upstream,
                "upstream_status": upstream_status,
            });
            attempts.read(&line.to_string());
        }
        attempts.read("2026/11/26 10:00:00 [error] 7#7: *1 connect() failed");
        let Traffic { requests, errors } = attempts.traffic();
        (requests, errors)
    }

    #[test]
    fn answers_are_counted_by_who_gave_them() {
        assert_eq!(counted(&[(200, "172.18.0.9:8000", "200"), (200, "172.18.0.7:8000", "200")]), (1, 0));
        assert_eq!(counted(&[(503, "172.18.0.9:8000", "503"), (404, "172.18.0.9:8000", "404")]), (2, 1));
        assert_eq!(counted(&[(507, "172.18.0.9:8000", "507")]), (1, 0), "a full disk is no bad release");
        assert_eq!(counted(&[(200, "", "")]), (0, 0), "nginx answered by itself");
    }

    #[test]
    fn a_request_that_another_server_saved_is_the_first_one_s_error() {
        assert_eq!(counted(&[(200, "172.18.0.9:8000, 172.18.0.7:8000", "502, 200")]), (1, 1));
        assert_eq!(counted(&[(200, "172.18.0.7:8000, 172.18.0.9:8000", "502, 200")]), (1, 0));
        assert_eq!(counted(&[(200, "172.18.0.9:8000, 172.18.0.7:8000", "-, 200")]), (1, 1));
    }

    #[test]
    fn a_client_that_leaves_is_nobody_s_error_and_no_server_at_all_is() {
        assert_eq!(counted(&[(499, "172.18.0.9:8000", "-")]), (1, 0));
        assert_eq!(counted(&[(502, "gateway", "502")]), (1, 1));
        assert_eq!(counted(&[(504, "172.18.0.9:8000", "504")]), (1, 1));
    }
}

//! Hosts that let no mail out.

/// Ports that hosts block against spam: `DigitalOcean` on every droplet, others on new accounts.
const BLOCKED: [u16; 3] = [25, 465, 587];

/// What a connection that was not made means, for people.
pub(super) fn diagnosis(host: &str, port: u16, what: &str) -> String {
    let likely = if BLOCKED.contains(&port) {
        format!(
            "; many hosts (DigitalOcean's droplets among them) let nothing out to the ports 25, 465 and 587. Try \
             `nc -vz {host} {port}` here. If it hangs, use a port that the provider offers for this (often 2525, \
             MAIL_SMTP_PORT) or the provider's HTTPS API (MAIL_API)"
        )
    } else {
        "; check MAIL_SMTP_HOST and MAIL_SMTP_PORT, and that this machine may connect there".to_owned()
    };
    format!("no connection to the mail server {host}:{port}: {what}{likely}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blocked_port_is_named_as_such() {
        for port in BLOCKED {
            let words = diagnosis("smtp.example.org", port, "it took longer than 10 s");
            assert!(words.contains("droplets") && words.contains("MAIL_API"), "{words}");
        }
        let words = diagnosis("smtp.example.org", 2525, "connection refused");
        assert!(!words.contains("droplets") && words.contains("MAIL_SMTP_PORT"), "{words}");
    }
}

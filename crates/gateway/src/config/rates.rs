//! How often somebody may ask: the variables of `chassis::http::rate` and of [`crate::people::sign_ins`].

use std::net::SocketAddr;

use chassis::config::{ConfigProblems, Env};
use chassis::http::rate::Cidr;

/// How often somebody may ask; 0 is no limit.
#[derive(Debug, Clone)]
pub struct RateConfig {
    /// `TRUSTED_PROXIES`: whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<Cidr>,
    /// `RATE_LIMIT_ADDRESS_PER_MINUTE`: requests of one network address.
    pub address_per_minute: u32,
    /// `RATE_LIMIT_USER_PER_MINUTE`: requests of one person.
    pub user_per_minute: u32,
    /// `RATE_LIMIT_SIGN_IN_PER_MINUTE`: attempts to sign in, or to accept a link, from one network address.
    pub sign_in_per_minute: u32,
    /// `RATE_LIMIT_ACCOUNT_PER_HOUR`: attempts to sign in to one account from addresses that it is not known from.
    pub account_per_hour: u32,
    /// `RATE_LIMIT_SHARED_PER_MINUTE`: links to shared analyses that one network address opens.
    pub shared_per_minute: u32,
    /// `RATE_LIMIT_KEYS`: addresses, and people, that are remembered at most.
    pub most_keys: usize,
}

impl RateConfig {
    /// Reads every variable. Where only this machine can reach `listen`, its proxies are trusted: nginx beside the
    /// gateway then needs no setting. On any other address nobody is, until somebody is named.
    pub(super) fn read(env: &Env, listen: SocketAddr) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let trusted = if listen.ip().is_loopback() { Cidr::loopback() } else { Vec::new() };
        let trusted_proxies = read.parse_or("TRUSTED_PROXIES", trusted);
        let address_per_minute = read.parse_or("RATE_LIMIT_ADDRESS_PER_MINUTE", 6_000);
        let user_per_minute = read.parse_or("RATE_LIMIT_USER_PER_MINUTE", 3_000);
        let sign_in_per_minute = read.parse_or("RATE_LIMIT_SIGN_IN_PER_MINUTE", 60);
        let account_per_hour = read.parse_or("RATE_LIMIT_ACCOUNT_PER_HOUR", 30);
        let shared_per_minute = read.parse_or("RATE_LIMIT_SHARED_PER_MINUTE", 120);
        let most_keys = read.parse_or("RATE_LIMIT_KEYS", 50_000);
        read.check("RATE_LIMIT_KEYS", most_keys >= 1_000, "must be at least 1000; each takes some 40 bytes");
        read.finish(|| {
            Some(Self {
                trusted_proxies,
                address_per_minute,
                user_per_minute,
                sign_in_per_minute,
                account_per_hour,
                shared_per_minute,
                most_keys,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_of_the_machine_are_trusted_only_where_nobody_else_can_ask() {
        let trusted = |listen: &str, pairs: &[(&str, &str)]| {
            let env = Env::from_pairs(pairs.iter().copied());
            RateConfig::read(&env, listen.parse().unwrap()).unwrap().trusted_proxies
        };
        assert_eq!(trusted("127.0.0.1:8000", &[]), Cidr::loopback());
        assert_eq!(trusted("0.0.0.0:8000", &[]), []);
        let named = trusted("0.0.0.0:8000", &[("TRUSTED_PROXIES", "172.18.0.0/16, fd00::/8")]);
        assert_eq!(named.len(), 2);
    }
}

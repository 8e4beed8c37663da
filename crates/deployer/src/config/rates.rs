//! How often somebody may ask: the variables of `chassis::http::rate`.

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
}

impl RateConfig {
    /// Where only this machine can reach `listen`, its proxies are trusted; on any other address nobody is, until somebody
    /// is named.
    pub(super) fn read(env: &Env, listen: SocketAddr) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let trusted = if listen.ip().is_loopback() { Cidr::loopback() } else { Vec::new() };
        let trusted_proxies = read.parse_or("TRUSTED_PROXIES", trusted);
        let address_per_minute = read.parse_or("RATE_LIMIT_ADDRESS_PER_MINUTE", 1_200);
        let user_per_minute = read.parse_or("RATE_LIMIT_USER_PER_MINUTE", 600);
        read.finish(|| Some(Self { trusted_proxies, address_per_minute, user_per_minute }))
    }
}

//! Networks: what a limit counts by, and which proxies are trusted.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use crate::config::Setting;

/// What a limit by address counts by: an IPv4 address whole, an IPv6 address by its /64, because a single customer gets
/// at least that and rotates within it at will. An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) is the IPv4 one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(u128);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.to_ipv6_mapped().to_bits()),
            IpAddr::V6(address) => Self(address.to_bits() >> 64 << 64),
        }
    }
}

impl Network {
    /// For callers whose address nobody knows: they share one.
    pub const UNKNOWN: Self = Self(0);
}

impl std::fmt::Display for Network {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match Ipv6Addr::from_bits(self.0).to_ipv4_mapped() {
            Some(address) => write!(formatter, "{address}"),
            None => write!(formatter, "{}/64", Ipv6Addr::from_bits(self.0)),
        }
    }
}

/// A block of addresses, such as `10.0.0.0/8`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    bits: u128,
    length: u32,
}

/// What IPv4 addresses begin with, written as IPv6.
const MAPPED_BITS: u32 = 96;

fn as_v6(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl Cidr {
    /// Whether `address` lies in the block.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let differing = self.bits ^ as_v6(address);
        differing.leading_zeros() >= self.length
    }

    /// The machine itself: `127.0.0.0/8` and `::1`.
    #[must_use]
    pub fn loopback() -> Vec<Self> {
        ["127.0.0.0/8", "::1"].iter().filter_map(|block| block.parse().ok()).collect()
    }
}

/// A text that is no block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no block of addresses; write it like 10.0.0.0/8")]
pub struct NoCidr;

impl FromStr for Cidr {
    type Err = NoCidr;

    fn from_str(text: &str) -> Result<Self, NoCidr> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().map_err(|_| NoCidr)?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NoCidr)?;
        let (before, most) = if address.is_ipv4() { (MAPPED_BITS, 32) } else { (0, 128) };
        let length = length.unwrap_or(most);
        if length > most {
            return Err(NoCidr);
        }
        Ok(Self { bits: as_v6(address), length: before + length })
    }
}

impl Setting for Cidr {
    const EXPECTED: &'static str = "addresses or blocks of them with commas between, such as 10.0.0.0/8, ::1";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn ipv6_counts_by_64_bits_and_ipv4_whole() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_eq!(network("2001:db8:1:2::1").to_string(), "2001:db8:1:2::/64");
        assert_eq!(network("192.0.2.1").to_string(), "192.0.2.1");
    }

    #[test]
    fn blocks_hold_what_begins_like_them() {
        let block = |text: &str| text.parse::<Cidr>().unwrap();
        let holds = |text: &str, address: &str| block(text).contains(address.parse().unwrap());
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("10.0.0.0/8", "::ffff:10.1.2.3"), "mapped");
        assert!(!holds("10.0.0.0/8", "2001:db8::1") && holds("0.0.0.0/0", "203.0.113.9"));
        assert!(!holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("192.0.2.7", "192.0.2.7") && !holds("192.0.2.7", "192.0.2.8"));
        assert!(holds("2001:db8::/32", "2001:db8:ffff::1") && !holds("::1", "::2"));
        assert!(holds("::/0", "2001:db8::1"));
        for odd in ["", "10.0.0.0/33", "10.0.0/8", "::1/129", "x", "10.0.0.0/-1"] {
            assert_eq!(odd.parse::<Cidr>(), Err(NoCidr), "{odd}");
        }
    }
}

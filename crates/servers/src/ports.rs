//! Free ports on the loopback address.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

use anyhow::bail;

use crate::RandomBytes;

/// Below Linux's ephemeral range (32768 and up), so that no outgoing connection takes the port while a server is down
/// between two runs.
const FIRST: u16 = 15_000;
const COUNT: u16 = 17_000;

/// Whether a server could listen on `port` of the loopback address now.
#[must_use]
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// A port of the loopback address that nobody listens on, never the same twice in one process. Another process may
/// take it before the server does: the caller tries again.
///
/// # Errors
/// When none is found.
pub fn free_port(random: &RandomBytes) -> anyhow::Result<u16> {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut bytes = [0_u8; 2];
    for _ in 0..1000 {
        random(&mut bytes)?;
        let port = FIRST + u16::from_le_bytes(bytes) % COUNT;
        if is_free(port) && GIVEN.lock().unwrap_or_else(PoisonError::into_inner).insert(port) {
            return Ok(port);
        }
    }
    bail!("no free port found between {FIRST} and {} after 1000 tries", FIRST + COUNT - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operating_system_random;

    #[test]
    fn a_port_in_use_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(!is_free(listener.local_addr().unwrap().port()));
    }

    #[test]
    fn picked_ports_lie_below_the_ephemeral_range() {
        let random = operating_system_random();
        for _ in 0..50 {
            assert!((FIRST..FIRST + COUNT).contains(&free_port(&random).unwrap()));
        }
    }
}

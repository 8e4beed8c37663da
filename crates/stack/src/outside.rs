//! A stranger on the network: a network namespace with an address of its own, joined to this machine by one cable.
//!
//! What is seen from there is what a neighbour of the server sees. The addresses are those that RFC 2544 sets aside for
//! benchmarks: nothing else has them.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use futures::StreamExt as _;
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::command::{Said, run, run_within, said};

/// Connections that a scan tries at once.
const AT_ONCE: usize = 400;
/// A neighbour answers at once, or not at all.
const ANSWERS_WITHIN: Duration = Duration::from_millis(700);
/// All ports of one address, though none answers.
const SCAN_WITHIN: Duration = Duration::from_mins(4);

/// The namespace; dropped, it is gone.
#[derive(Debug)]
pub struct Outside {
    name: String,
    /// This machine, seen from there.
    pub host: Ipv4Addr,
    /// The stranger, seen from here.
    pub address: Ipv4Addr,
    /// Ports of this machine that were open before the platform was up.
    pub open_before: BTreeSet<u16>,
}

impl Outside {
    /// Makes the namespace and looks what is open without the platform. `id` is a few characters.
    ///
    /// # Errors
    /// When this is not root, or `ip` (Debian package iproute2) is missing.
    pub async fn make(id: &str) -> anyhow::Result<Self> {
        ensure!(rustix::process::geteuid().is_root(), "a network namespace can only be made by root");
        let mut bytes = [0_u8; 1];
        (servers::operating_system_random())(&mut bytes)?;
        let (host, address) = (Ipv4Addr::new(198, 18, bytes[0], 1), Ipv4Addr::new(198, 18, bytes[0], 2));
        let mut outside = Self { name: format!("e2i-{id}"), host, address, open_before: BTreeSet::new() };
        outside.join().await.context("make a network namespace")?;
        outside.open_before = outside.scan(IpAddr::V4(host), 1..=u16::MAX).await?;
        Ok(outside)
    }

    async fn join(&self) -> anyhow::Result<()> {
        // An interface's name has at most 15 characters.
        let (here, there) = (format!("{}h", self.name), format!("{}g", self.name));
        let Self { name, host, address, .. } = self;
        let lines = [
            format!("netns add {name}"),
            format!("link add {here} type veth peer name {there} netns {name}"),
            format!("address add {host}/30 dev {here}"),
            format!("link set {here} up"),
            format!("-netns {name} address add {address}/30 dev {there}"),
            format!("-netns {name} link set lo up"),
            format!("-netns {name} link set {there} up"),
            // Containers' own addresses too are asked for by way of this machine.
            format!("-netns {name} route add default via {host}"),
        ];
        for line in lines {
            run(Command::new("ip").args(line.split(' '))).await?;
        }
        Ok(())
    }

    /// The namespace's name, for `ip netns exec`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs a program there; its failure is no error.
    ///
    /// # Errors
    /// When it cannot be started or does not end.
    pub async fn said(&self, program: &str, arguments: &[&str]) -> anyhow::Result<Said> {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name, program]).args(arguments);
        said(&mut command, Duration::from_mins(1)).await
    }

    /// The ports of an address that accept a connection from there.
    ///
    /// # Errors
    /// When it cannot be done.
    pub async fn scan(&self, address: IpAddr, ports: RangeInclusive<u16>) -> anyhow::Result<BTreeSet<u16>> {
        let program = std::env::current_exe().context("find this program")?;
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name]).arg(program).args(["scan", &address.to_string()]);
        command.args([ports.start().to_string(), ports.end().to_string()]);
        let text = run_within(&mut command, SCAN_WITHIN).await?;
        text.split_whitespace().map(|port| port.parse().with_context(|| format!("`{port}` is no port"))).collect()
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        // The cable goes with the namespace.
        let _ = std::process::Command::new("ip")
            .args(["netns", "delete", &self.name])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// The ports that accept a connection, seen from where this process is.
pub async fn open_ports(address: IpAddr, ports: RangeInclusive<u16>) -> BTreeSet<u16> {
    let tries = futures::stream::iter(ports).map(|port| async move {
        let connected = TcpStream::connect(SocketAddr::new(address, port));
        matches!(tokio::time::timeout(ANSWERS_WITHIN, connected).await, Ok(Ok(_))).then_some(port)
    });
    tries.buffer_unordered(AT_ONCE).filter_map(futures::future::ready).collect().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_listener_is_found_and_a_closed_port_is_not() {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        assert!(open_ports(address, port..=port).await.contains(&port));
        drop(listener);
        assert!(open_ports(address, port..=port).await.is_empty());
    }
}

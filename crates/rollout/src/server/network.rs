//! The server's cable: one end here, one there.

use std::net::Ipv4Addr;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use stack::command::{run, until};
use tokio::process::Command;

/// A pair of network interfaces, and the way from there to the world.
#[derive(Debug)]
pub(super) struct Cable {
    here: String,
    there: String,
    pub(super) internet: Ipv4Addr,
    pub(super) server: Ipv4Addr,
}

impl Cable {
    pub(super) fn new(id: &str) -> anyhow::Result<Self> {
        let mut bytes = [0_u8; 2];
        (servers::operating_system_random())(&mut bytes)?;
        // 198.19: the other half of these addresses is used by the stranger of `stack`.
        let address = |last: u8| Ipv4Addr::new(198, 19, bytes[0], (bytes[1] & 0xfc) | last);
        // An interface's name has at most 15 characters.
        let (here, there) = (format!("e2i-{id}h"), format!("e2i-{id}s"));
        Ok(Self { here, there, internet: address(1), server: address(2) })
    }

    /// Joins the network of process `first` to this machine.
    pub(super) async fn plug_in(&self, first: i32) -> anyhow::Result<()> {
        let Self { here, there, internet, server } = self;
        let ip = [
            format!("link add {here} type veth peer name {there} netns {first}"),
            format!("address add {internet}/30 dev {here}"),
            format!("link set {here} up"),
        ];
        for line in ip {
            run(Command::new("ip").args(line.split(' '))).await.context("plug the server's cable in")?;
        }
        let ip = [
            "link set lo up".to_owned(),
            format!("address add {server}/30 dev {there}"),
            format!("link set {there} up"),
            format!("route add default via {internet}"),
        ];
        for line in ip {
            let mut command = Command::new("nsenter");
            command.args([&format!("--target={first}"), "--net", "ip"]).args(line.split(' '));
            run(&mut command).await.context("plug the server's cable in")?;
        }
        for rule in self.rules() {
            run(Command::new("iptables").args(rule.add())).await.context("let the server out to the world")?;
        }
        Ok(())
    }

    /// Waits until the cable is gone, and removes its rules.
    pub(super) async fn pulled_out(&self) -> anyhow::Result<()> {
        self.forget_rules();
        let name = format!("/sys/class/net/{}", self.here);
        until("the cable is gone", Duration::from_secs(20), async || {
            Ok((!std::path::Path::new(&name).exists()).then_some(()))
        })
        .await
    }

    /// Builds on the server fetch packages: through here, whatever else is forbidden to pass.
    fn rules(&self) -> [Rule; 3] {
        let network = format!("{}/30", self.server);
        let rule = |table, chain, words: &[&str]| Rule {
            place: [table, chain],
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        [
            rule("filter", "FORWARD", &["-i", &self.here, "-j", "ACCEPT"]),
            rule("filter", "FORWARD", &["-o", &self.here, "-j", "ACCEPT"]),
            rule("nat", "POSTROUTING", &["-s", &network, "!", "-o", &self.here, "-j", "MASQUERADE"]),
        ]
    }

    fn forget_rules(&self) {
        for rule in self.rules() {
            let _ = std::process::Command::new("iptables")
                .args(rule.remove())
                .stdin(Stdio::null())
                .stderr(Stdio::null())
                .status();
        }
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.forget_rules();
    }
}

struct Rule {
    place: [&'static str; 2],
    words: Vec<String>,
}

impl Rule {
    fn add(&self) -> Vec<String> {
        self.line("-I")
    }

    fn remove(&self) -> Vec<String> {
        self.line("-D")
    }

    fn line(&self, what: &str) -> Vec<String> {
        let [table, chain] = self.place;
        let begin = ["-w", "10", "-t", table, what, chain].into_iter().map(str::to_owned);
        begin.chain(self.words.iter().cloned()).collect()
    }
}

//! A TCP proxy that can do to a connection what a network can: one [`Link`] from one process to one server.
//!
//! What is held back while a link is partitioned is delivered when it is whole again, late: as TCP does.

mod carry;
pub mod frames;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::guards::Removal;

/// Which way bytes flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the process to the server.
    ToServer,
    /// From the server to the process.
    ToClient,
}

/// What a link is like, until it is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weather {
    /// Everything passes.
    #[default]
    Clear,
    /// Connections are reset, new ones at once.
    Refuse,
    /// Connections are accepted; nothing passes in either direction.
    Partition,
    /// Nothing passes in one direction.
    OneWay(Way),
    /// Everything passes late and thinly.
    Slow {
        /// Before each piece, each way.
        delay: Duration,
        /// How much passes.
        bytes_per_s: u32,
    },
}

/// What the connections of a link look at.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    weather: Weather,
    /// Raised to reset all connections there are.
    cuts: u64,
    /// Raised to reset each connection there is when the answer to its next question comes, without the answer.
    swallows: u64,
}

struct Shared {
    upstream: SocketAddr,
    state: watch::Sender<State>,
    removal: Option<Arc<Removal>>,
}

/// One process's way to one server. Dropped, it closes with all its connections.
pub struct Link {
    name: String,
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

impl Link {
    /// Opens a way to `upstream`. With `removal` it carries Postgres' protocol and rewrites statements.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn open(name: &str, upstream: SocketAddr, removal: Option<Arc<Removal>>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("open a proxy's port")?;
        let address = listener.local_addr().context("find a proxy's port")?;
        let shared = Arc::new(Shared { upstream, state: watch::Sender::default(), removal });
        let listening = tokio::spawn(listen(listener, Arc::clone(&shared)));
        Ok(Self { name: name.to_owned(), address, shared, listening })
    }

    /// For people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the process connects to.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the weather.
    pub fn set(&self, weather: Weather) {
        self.shared.state.send_modify(|state| {
            state.weather = weather;
            state.cuts += u64::from(weather == Weather::Refuse);
        });
    }

    /// Resets every connection there is.
    pub fn cut(&self) {
        self.shared.state.send_modify(|state| state.cuts += 1);
    }

    /// Each connection there is carries one more question to the server and is reset when the answer comes: what was asked
    /// is done, and who asked cannot know.
    pub fn swallow_answers(&self) {
        self.shared.state.send_modify(|state| state.swallows += 1);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.listening.abort();
        self.cut();
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        match listener.accept().await {
            Ok((client, _)) => drop(tokio::spawn(carry::carry(client, Arc::clone(&shared)))),
            // Too many open files, or a client that was gone before it was accepted: the next may do better.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Closes by a reset, not in order.
fn reset(stream: &TcpStream) {
    // Without it the connection ends in order, which the other side has to bear as well.
    let _ = stream.set_zero_linger();
}

//! An HTTP server that can be switched off, and on again at the same address.

use std::net::SocketAddr;

use anyhow::Context;
use axum::Router;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;

/// The server; dropped, it is off.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    router: Router,
    task: Option<JoinHandle<()>>,
}

impl Listening {
    /// Serves `router` at a free port of the address.
    ///
    /// # Errors
    /// When there is none.
    pub async fn begin(address: std::net::Ipv4Addr, router: Router) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((address, 0)).await.with_context(|| format!("listen at {address}"))?;
        let address = listener.local_addr()?;
        let mut listening = Self { address, router, task: None };
        listening.serve(listener);
        Ok(listening)
    }

    /// Where.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Nobody answers there any more.
    pub fn switch_off(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }

    /// Somebody answers again.
    ///
    /// # Errors
    /// When the address has been taken.
    pub fn switch_on(&mut self) -> anyhow::Result<()> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(self.address).with_context(|| format!("listen at {}", self.address))?;
        let listener = socket.listen(64)?;
        self.serve(listener);
        Ok(())
    }

    fn serve(&mut self, listener: TcpListener) {
        let router = self.router.clone();
        self.task = Some(tokio::spawn(async move {
            // It ends when it is switched off.
            let _ = axum::serve(listener, router).await;
        }));
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.switch_off();
    }
}

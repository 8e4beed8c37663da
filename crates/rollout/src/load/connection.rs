//! One TLS connection and the requests on it. Nothing here is ever tried twice: what a library would send again by itself,
//! because a resting connection was closed just then, is a failed request.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// Longer than the gateway's own limit.
const ANSWER_WITHIN: Duration = Duration::from_secs(40);

/// Where to, and whose certificate is believed.
#[derive(Clone)]
pub struct Target {
    address: SocketAddr,
    host: String,
    connector: TlsConnector,
}

impl Target {
    /// HTTPS at the address, with this certificate and no other.
    ///
    /// # Errors
    /// When the certificate is none.
    pub fn new(address: SocketAddr, certificate: &str) -> anyhow::Result<Self> {
        let mut roots = RootCertStore::empty();
        for one in CertificateDer::pem_slice_iter(certificate.as_bytes()) {
            // Of a chain only what may sign counts; a self-signed one is both.
            let _ = roots.add(one.context("read the certificate")?);
        }
        ensure!(!roots.is_empty(), "no certificate to believe");
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let host = if address.port() == 443 { address.ip().to_string() } else { address.to_string() };
        Ok(Self { address, host, connector: TlsConnector::from(Arc::new(config)) })
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// When it cannot be opened in time.
    pub async fn connect(&self) -> anyhow::Result<Connection> {
        let opened = async {
            let stream = TcpStream::connect(self.address).await.context("connect")?;
            stream.set_nodelay(true)?;
            let name = ServerName::IpAddress(self.address.ip().into());
            let stream = self.connector.connect(name, stream).await.context("TLS")?;
            let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.context("HTTP")?;
            tokio::spawn(async move {
                // What breaks is told to whoever waits for an answer.
                let _ = connection.await;
            });
            Ok(Connection { sender, host: self.host.clone() })
        };
        tokio::time::timeout(CONNECT_WITHIN, opened).await.context("no connection within 3 s")?
    }
}

/// An open connection.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

/// An answer with its body.
#[derive(Debug)]
pub struct Answer {
    /// Status and headers.
    pub head: http::response::Parts,
    /// The body.
    pub body: Bytes,
}

impl Connection {
    /// Whether another request can be sent, as far as is known here.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.sender.is_closed() && self.sender.is_ready()
    }

    /// Sends, and gives the answer's head and its body as it comes.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn open(&mut self, mut request: Request<Full<Bytes>>) -> anyhow::Result<Response<Incoming>> {
        request.headers_mut().insert(http::header::HOST, self.host.parse().context("the host's name")?);
        tokio::time::timeout(ANSWER_WITHIN, self.sender.send_request(request))
            .await
            .context("no answer within 40 s")?
            .context("no answer")
    }

    /// Sends, and gives the whole answer.
    ///
    /// # Errors
    /// When there is none, or it breaks off.
    pub async fn ask(&mut self, request: Request<Full<Bytes>>) -> anyhow::Result<Answer> {
        let (head, body) = self.open(request).await?.into_parts();
        let body =
            tokio::time::timeout(ANSWER_WITHIN, body.collect()).await.context("no end of the answer within 40 s")?;
        Ok(Answer { head, body: body.context("the answer broke off")?.to_bytes() })
    }
}

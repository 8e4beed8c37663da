//! Where lines are sent on to: a syslog server over TCP, plain or TLS (RFC 6587 octet counting, RFC 5425).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// What it was sent.
#[derive(Clone)]
pub(super) struct Heard {
    pub(super) address: SocketAddr,
    bytes: Arc<Mutex<Vec<u8>>>,
    refused: Arc<AtomicBool>,
}

/// An authority that certifies `localhost`.
pub(super) type Trust = CertifiedIssuer<'static, KeyPair>;

pub(super) fn authority() -> Trust {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "an authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

impl Heard {
    fn at(address: SocketAddr) -> Self {
        Self { address, bytes: Arc::default(), refused: Arc::default() }
    }

    /// Whether somebody came and went over the certificate.
    pub(super) fn refused(&self) -> bool {
        self.refused.load(Ordering::SeqCst)
    }

    /// Frames `LENGTH SPACE LINE`, as many as are complete.
    pub(super) fn lines(&self) -> Vec<String> {
        let bytes = self.bytes.lock().unwrap();
        let (mut rest, mut lines) = (bytes.as_slice(), Vec::new());
        while let Some(space) = rest.iter().position(|byte| *byte == b' ') {
            let length: usize = std::str::from_utf8(&rest[..space]).unwrap().parse().unwrap();
            let Some(line) = rest.get(space + 1..space + 1 + length) else { break };
            lines.push(String::from_utf8(line.to_vec()).unwrap());
            rest = &rest[space + 1 + length..];
        }
        lines
    }

    async fn read(&self, mut stream: impl AsyncRead + Unpin) {
        let mut piece = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = stream.read(&mut piece).await {
            self.bytes.lock().unwrap().extend(&piece[..length]);
        }
    }
}

pub(super) async fn listen(at: SocketAddr) -> Heard {
    let listener = TcpListener::bind(at).await.unwrap();
    let heard = Heard::at(at);
    let listening = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            listening.read(stream).await;
        }
    });
    heard
}

pub(super) async fn listen_tls(authority: &Trust) -> Heard {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let heard = Heard::at(listener.local_addr().unwrap());
    let listening = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            match acceptor.accept(stream).await {
                Ok(stream) => {
                    listening.read(stream).await;
                    listening.refused.store(true, Ordering::SeqCst);
                }
                Err(_) => listening.refused.store(true, Ordering::SeqCst),
            }
        }
    });
    heard
}

//! A small real SMTP server: EHLO, STARTTLS, AUTH PLAIN, one mail after the other (RFC 5321, 3207, 4954).

use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// How the server is met.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Plain,
    StartTls,
    Implicit,
}

/// A mail as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) data: String,
    /// Whether it came over TLS.
    pub(crate) is_secret: bool,
    /// What stood behind AUTH PLAIN.
    pub(crate) login: Option<String>,
}

/// The server; ends with the test.
#[derive(Clone)]
pub(crate) struct SmtpServer {
    pub(crate) port: u16,
    /// Its certificate, PEM.
    pub(crate) certificate: String,
    received: Arc<Mutex<Vec<Received>>>,
    refusals: Arc<Mutex<Vec<&'static str>>>,
    acceptor: TlsAcceptor,
}

impl SmtpServer {
    pub(crate) async fn start(way: Way) -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
        let provider = tokio_rustls::rustls::crypto::aws_lc_rs::default_provider();
        let config = ServerConfig::builder_with_provider(Arc::new(provider)).with_safe_default_protocol_versions();
        let config = config.unwrap().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            certificate: cert.pem(),
            received: Arc::default(),
            refusals: Arc::default(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().greet(stream, way));
            }
        });
        server
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Answers the next mail's end with this instead of taking it.
    pub(crate) fn refuse_next(&self, answer: &'static str) {
        self.refusals.lock().unwrap().push(answer);
    }

    async fn greet(self, stream: TcpStream, way: Way) {
        if way == Way::Implicit {
            let Ok(stream) = self.acceptor.accept(stream).await else { return };
            let _gone = self.talk(BufReader::new(stream), true, false, true).await;
            return;
        }
        let mut stream = BufReader::new(stream);
        let wants_tls = self.talk(&mut stream, false, way == Way::StartTls, true).await;
        if let Ok(true) = wants_tls
            && let Ok(stream) = self.acceptor.accept(stream.into_inner()).await
        {
            let _gone = self.talk(BufReader::new(stream), true, false, false).await;
        }
    }

    /// Talks until the client goes, or (true) until it wants TLS.
    async fn talk<S>(&self, mut stream: S, is_secret: bool, offers: bool, greets: bool) -> std::io::Result<bool>
    where
        S: AsyncBufRead + AsyncWrite + Unpin,
    {
        if greets {
            stream.write_all(b"220 localhost ESMTP\r\n").await?;
        }
        let mut mail = Received { from: String::new(), to: vec![], data: String::new(), is_secret, login: None };
        let mut line = String::new();
        loop {
            stream.flush().await?;
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(false);
            }
            let command = line.trim_end();
            let upper = command.to_ascii_uppercase();
            let answer = if upper.starts_with("EHLO") {
                if offers { "250-localhost\r\n250-STARTTLS\r\n250 SMTPUTF8" } else { "250-localhost\r\n250 AUTH PLAIN" }
            } else if upper.starts_with("STARTTLS") && offers {
                stream.write_all(b"220 go ahead\r\n").await?;
                stream.flush().await?;
                return Ok(true);
            } else if let Some(login) = command.strip_prefix("AUTH PLAIN ") {
                mail.login = Some(login.to_owned());
                "235 ok"
            } else if upper.starts_with("MAIL FROM:") {
                command.clone_into(&mut mail.from);
                "250 ok"
            } else if upper.starts_with("RCPT TO:") {
                mail.to.push(command.to_owned());
                "250 ok"
            } else if upper == "DATA" {
                stream.write_all(b"354 go on\r\n").await?;
                stream.flush().await?;
                mail.data = data(&mut stream).await?;
                let refusal = self.refusals.lock().unwrap().pop();
                refusal.unwrap_or_else(|| {
                    self.received.lock().unwrap().push(mail.clone());
                    "250 taken"
                })
            } else if upper == "QUIT" {
                stream.write_all(b"221 bye\r\n").await?;
                stream.flush().await?;
                return Ok(false);
            } else {
                "250 ok"
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }
}

async fn data<S: AsyncBufRead + Unpin>(stream: &mut S) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let start = text.len();
        if stream.read_line(&mut text).await? == 0 || &text[start..] == ".\r\n" {
            text.truncate(start);
            return Ok(text);
        }
    }
}

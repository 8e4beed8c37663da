//! A Supabase project as far as keys go: publishes a JWKS document over HTTP, signs, rotates, goes down.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chassis::auth::keys::KeyRing;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// One key pair.
pub(crate) struct Pair {
    pub(crate) kid: String,
    algorithm: Algorithm,
    private: EncodingKey,
    pub(crate) public: Value,
}

impl Pair {
    pub(crate) fn es256() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ring = KeyRing::load_or_create(folder.path()).unwrap();
        let kid = ring.current().kid().to_owned();
        let pem = std::fs::read(folder.path().join(format!("{kid}.pem"))).unwrap();
        let public = serde_json::to_value(&ring.jwks().keys[0]).unwrap();
        Self { kid, algorithm: Algorithm::ES256, private: EncodingKey::from_ec_pem(&pem).unwrap(), public }
    }

    pub(crate) fn rs256(kid: &str) -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let pkcs8 = pair.as_der().unwrap();
        let pem =
            format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(pkcs8.as_ref()));
        let private = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
        let mut public = Jwk::from_encoding_key(&private, Algorithm::RS256).unwrap();
        public.common.key_id = Some(kid.to_owned());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let public = serde_json::to_value(public).unwrap();
        Self { kid: kid.to_owned(), algorithm: Algorithm::RS256, private, public }
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(self.algorithm) };
        jsonwebtoken::encode(&header, claims, &self.private).unwrap()
    }
}

/// What its address answers.
#[derive(Clone)]
enum Answer {
    Keys(Vec<Value>),
    Down,
    Huge,
    Redirect(String),
}

pub(crate) struct Project {
    pub(crate) address: SocketAddr,
    answer: Arc<Mutex<Answer>>,
    fetches: Arc<AtomicU64>,
}

impl Project {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (answer, fetches) = (Arc::new(Mutex::new(Answer::Down)), Arc::new(AtomicU64::new(0)));
        let router = Router::new()
            .route("/auth/v1/.well-known/jwks.json", get(document))
            .with_state((answer.clone(), fetches.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, answer, fetches }
    }

    pub(crate) fn jwks(&self) -> url::Url {
        format!("http://{}/auth/v1/.well-known/jwks.json", self.address).parse().unwrap()
    }

    pub(crate) fn publish(&self, pairs: &[&Pair]) {
        self.set(Answer::Keys(pairs.iter().map(|pair| pair.public.clone()).collect()));
    }

    pub(crate) fn go_down(&self) {
        self.set(Answer::Down);
    }

    pub(crate) fn answer_endlessly(&self) {
        self.set(Answer::Huge);
    }

    pub(crate) fn redirect(&self, to: &str) {
        self.set(Answer::Redirect(to.to_owned()));
    }

    pub(crate) fn fetches(&self) -> u64 {
        self.fetches.load(Ordering::SeqCst)
    }

    fn set(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }
}

async fn document(State((answer, fetches)): State<(Arc<Mutex<Answer>>, Arc<AtomicU64>)>) -> Response {
    fetches.fetch_add(1, Ordering::SeqCst);
    // Long enough for a flood to meet a fetch that is under way.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let answer = answer.lock().unwrap().clone();
    match answer {
        Answer::Keys(keys) => axum::Json(json!({"keys": keys})).into_response(),
        Answer::Down => http::StatusCode::BAD_GATEWAY.into_response(),
        Answer::Huge => {
            let chunks = futures::stream::repeat_with(|| Ok::<_, std::io::Error>("x".repeat(64 * 1024)));
            axum::body::Body::from_stream(chunks).into_response()
        }
        Answer::Redirect(to) => axum::response::Redirect::temporary(&to).into_response(),
    }
}

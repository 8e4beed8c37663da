//! nginx: whether it answers at the address that people open, by itself, whatever is behind it; and its private port.

use async_trait::async_trait;
use reqwest::Method;

use super::Probe;
use super::http::send;
use super::place::Place;
use super::public::{NGINX_ALONE, Public, Trust};
use super::service::judge;
use crate::reading::{Reading, Verdict};

/// nginx in front of the platform.
#[derive(Debug)]
pub struct Nginx {
    public: Public,
    private: Option<Place>,
}

impl Nginx {
    /// At the public address, and at its private port where that can be reached.
    #[must_use]
    pub fn at(public: Public, private: Option<Place>) -> Self {
        Self { public, private }
    }

    async fn public(&self) -> Reading {
        let door = match self.public.open(Trust::Anybody).await {
            Ok(door) => door,
            Err(words) => return Reading::fail(words),
        };
        // What it says does not matter: nobody behind it was asked.
        match send(door.request(Method::GET, NGINX_ALONE)).await {
            Ok(_) => Reading::pass(),
            Err(words) => Reading::fail(words),
        }
    }
}

#[async_trait]
impl Probe for Nginx {
    async fn look(&self) -> Reading {
        let private = async {
            match &self.private {
                Some(place) => place.ask("/readyz", judge).await,
                None => Reading::pass(),
            }
        };
        let (public, private) = tokio::join!(self.public(), private);
        match (public.verdict, private.verdict) {
            (Verdict::Pass, Verdict::Pass) => public,
            (Verdict::Pass, _) => Reading { words: format!("its private port: {}", private.words), ..private },
            _ => Reading { words: format!("at the public address: {}", public.words), ..public },
        }
    }
}

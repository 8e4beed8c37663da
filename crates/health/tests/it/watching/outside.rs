//! What is outside: the object store, Claude, the certificate of the public address, the watcher outside.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chassis::clock::{Clock as _, Monotonic as _, MonotonicClock, SystemClock};
use chassis::config::Secret;
use chrono::{DateTime, TimeDelta, Utc};
use health::outward::{Outward, Pulse};
use health::probes::Probe as _;
use health::probes::canary::Canary;
use health::probes::certificate::Certificate;
use health::probes::claude::Claude;
use health::probes::http::Asker;
use health::probes::nginx::Nginx;
use health::probes::objects::ObjectStore;
use health::probes::public::Public;
use health::reading::Verdict;
use rcgen::{CertificateParams, KeyPair};
use tables::objects::Options;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::rig::SOON;
use super::street::{House, until};

#[tokio::test]
async fn the_object_store_is_tried_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let store = |place: &std::path::Path| {
        ObjectStore::at(place.to_str().unwrap().to_owned(), Options::default(), Arc::new(SystemClock))
    };
    let objects = folder.path().join("objects");
    let probe = store(&objects);
    assert_eq!(probe.look().await.verdict, Verdict::Pass);
    assert!(!objects.join("health/probe").exists(), "nothing is left");
    std::fs::write(objects.join("health/probe"), "left by one that was killed").unwrap();
    assert_eq!(probe.look().await.verdict, Verdict::Pass);
    // A file where the folder was.
    std::fs::remove_dir_all(objects.join("health")).unwrap();
    std::fs::write(objects.join("health"), "").unwrap();
    let broken = probe.look().await;
    assert!(broken.verdict == Verdict::Fail && broken.words.starts_with("write:"), "{broken:?}");
}

#[tokio::test]
async fn claude_is_reached_when_it_answers_whatever_it_says() {
    let house = House::build().await;
    let look = async |path: &str| Claude::at(Asker::outside().unwrap(), house.url(path)).look().await.verdict;
    house.says("/v1/models", 401, "no key").says("/down", 503, "overloaded");
    assert_eq!(look("/v1/models").await, Verdict::Pass);
    assert_eq!(look("/down").await, Verdict::Fail);
}

/// A server with a certificate that nobody signed, which answers everything with 404.
async fn tls(from: DateTime<Utc>, until: DateTime<Utc>) -> SocketAddr {
    let key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new(vec!["e2i.example.org".to_owned(), "localhost".to_owned()]).unwrap();
    parameters.not_before = std::time::SystemTime::from(from).into();
    parameters.not_after = std::time::SystemTime::from(until).into();
    let certificate = CertificateDer::from(parameters.self_signed(&key).unwrap().der().to_vec());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut asked = [0; 4096];
                let _length = stream.read(&mut asked).await;
                let answer = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                let _gone = stream.write_all(answer.as_bytes()).await;
                let _gone = stream.shutdown().await;
            });
        }
    });
    address
}

fn public(address: SocketAddr, is_via: bool) -> Public {
    let url =
        if is_via { "https://e2i.example.org".to_owned() } else { format!("https://localhost:{}", address.port()) };
    let via = is_via.then(|| (address.ip().to_string(), address.port()));
    Public { url: url.parse().unwrap(), via, ca_file: None }
}

#[tokio::test]
async fn the_certificate_is_read_in_a_handshake_whoever_signed_it() {
    let now = SystemClock.now();
    let (days, clock) = (TimeDelta::days, Arc::new(SystemClock));
    for (left, expected) in [(60, Verdict::Pass), (25, Verdict::Warn), (5, Verdict::Fail), (-1, Verdict::Fail)] {
        let address = tls(now - days(90 - left), now + days(left)).await;
        let (probe, _) = Certificate::of(public(address, true), clock.clone());
        let reading = probe.look().await;
        assert_eq!(reading.verdict, expected, "{left} days of 90 left: {reading:?}");
        let nginx = Nginx::at(public(address, true), None);
        assert_eq!(nginx.look().await.verdict, Verdict::Pass, "it answers, whatever is wrong with its certificate");
    }
    let plain = Public { url: "http://localhost".parse().unwrap(), via: None, ca_file: None };
    assert_eq!(Certificate::of(plain, clock).0.look().await.verdict, Verdict::NotConfigured);
}

#[tokio::test]
async fn a_certificate_that_nobody_signed_is_believed_in_our_own_network_alone() {
    let now = SystemClock.now();
    let address = tls(now - TimeDelta::days(1), now + TimeDelta::days(89)).await;
    let ask = async |public: Public| {
        let password = Secret::new("hunter2".to_owned());
        let canary = Canary::new(public, "canary@e2i.local".to_owned(), password);
        canary.look().await.words
    };
    let believed = ask(public(address, true)).await;
    assert!(believed.contains("could not sign in: 404"), "{believed}");
    let refused = ask(public(address, false)).await;
    assert!(refused.contains("could not sign in: no answer") && !refused.contains("404"), "{refused}");
}

#[tokio::test]
async fn the_watcher_outside_is_told_while_this_one_lives() {
    let house = House::build().await;
    house.says("/ping/secret", 200, "OK");
    let outward = Outward::new(Asker::inside().unwrap(), Secret::new(house.url("/ping/secret")));
    let (pulse, ticks) = (Pulse::default(), MonotonicClock::start());
    let telling = tokio::spawn(outward.run(pulse.clone(), ticks.clone()));
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(house.asked(), 0, "nothing is alive yet");
    pulse.ticked(ticks.elapsed(), true);
    pulse.seen(ticks.elapsed());
    until("it is told", SOON, async || house.asked() == 1).await;
    telling.abort();
}

//! The deployer's canary through a real nginx, gateway, queue and worker.

use std::sync::Mutex;

use chassis::config::Secret;
use deployer::adapters::canary::{Canary, CanaryConfig};
use deployer::ports::Log;
use local::platform::Platform;

#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Log for Lines {
    fn line(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }
}

/// A canary under another address than nginx's own: it asks nginx all the same.
fn canary(platform: &Platform, password: &str) -> Canary {
    let port = platform.public_url().rsplit(':').next().unwrap().parse().unwrap();
    let config = CanaryConfig {
        public_url: "http://e2i.example.org".parse().unwrap(),
        ca_file: None,
        certificates_dir: "/nowhere".into(),
        email: platform.canary().email.clone(),
        password: Some(Secret::new(password.to_owned())),
    };
    Canary::through_ports(config, "127.0.0.1", port, 9)
}

#[tokio::test]
async fn the_canary_sings_and_tells_when_it_cannot() {
    let platform = Platform::for_test_behind_nginx(env!("CARGO_BIN_EXE_e2i"), 1, &[]).await.unwrap();
    let password = std::fs::read_to_string(&platform.canary().password_file).unwrap();
    let log = Lines::default();
    canary(&platform, password.trim()).run(&log).await.unwrap().unwrap();
    assert!(log.0.lock().unwrap().join("\n").contains("says 3, as it has to"), "{log:?}", log = log.0.lock().unwrap());
    let wrong = canary(&platform, "not the password").run(&log).await.unwrap().unwrap_err();
    assert!(wrong.contains("could not sign in: 400") || wrong.contains("could not sign in: 401"), "{wrong}");
    platform.stop().await;
    let gone = canary(&platform, password.trim()).run(&log).await.unwrap().unwrap_err();
    assert!(gone.contains("no answer"), "{gone}");
}

//! Images from a real registry: Debian's docker-registry, on the loopback address.

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use deployer::release::Service;
use tempfile::TempDir;

use crate::platform::{Lines, Platform, docker, until};

/// The registry; dropped, it has ended.
struct Registry {
    port: u16,
    folder: TempDir,
    process: Child,
}

impl Registry {
    async fn start() -> Self {
        let program = "/usr/bin/docker-registry";
        assert!(Path::new(program).exists(), "there is no {program}: apt-get install docker-registry");
        let port = servers::free_port(&servers::operating_system_random()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let settings = format!(
            "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: '127.0.0.1:{port}'}}\n",
            folder.path().display()
        );
        let file = folder.path().join("settings.yml");
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new(program);
        command.arg("serve").arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().unwrap();
        until("the registry listens", async || TcpStream::connect(("127.0.0.1", port)).is_ok()).await;
        Self { port, folder, process }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        assert!(self.folder.path().exists());
    }
}

#[tokio::test]
async fn an_image_is_known_by_its_digest_once_its_tag_was_looked_up() {
    let registry = Registry::start().await;
    let name = format!("e2i-adapters-registry-{}", std::process::id());
    let prefix = format!("127.0.0.1:{}/{name}", registry.port);
    let platform = Platform::with("pulled", &[("IMAGE_SOURCE", "registry"), ("IMAGE_PREFIX", &prefix)]);
    let image = format!("{prefix}/init:abc");
    let build = |words: &str| {
        let text = format!(
            "FROM debian:trixie-slim\nLABEL org.opencontainers.image.title=e2i-init \
             org.opencontainers.image.revision=abc words={words}\n"
        );
        let file = registry.folder.path().join("Dockerfile");
        std::fs::write(&file, text).unwrap();
        let context = registry.folder.path().to_str().unwrap();
        docker(&["build", "--quiet", "--tag", &image, "--file", file.to_str().unwrap(), context]);
        docker(&["push", "--quiet", &image]);
        let id = docker(&["image", "inspect", "--format", "{{.Id}}", &image]).trim().to_owned();
        docker(&["image", "rm", &image]);
        id
    };
    let pushed = build("first");
    let revisions = BTreeMap::from([(Service::Init, "abc".to_owned())]);
    let (images, log) = (&platform.ports.images, Lines::default());
    let pieces = images.provide(&platform.site(), &revisions, &log).await.unwrap();
    assert_eq!((pieces[&Service::Init].image_id.as_str(), pieces[&Service::Init].image.as_str()), (&*pushed, &*image));
    assert!(log.text().contains(&format!("init: pulled {prefix}/init@sha256:")), "{}", log.text());

    // What is here is not asked for again, though the tag names something else by now.
    docker(&["tag", &image, "e2i-adapters-kept:first"]);
    let moved = build("second");
    docker(&["tag", "e2i-adapters-kept:first", &image]);
    let again = images.provide(&platform.site(), &revisions, &log).await.unwrap();
    assert_eq!(again, pieces);
    assert_ne!(moved, pushed);

    // Neither a registry without the image nor no registry at all goes unsaid.
    let missing = BTreeMap::from([(Service::Init, "none".to_owned())]);
    let error = format!("{:#}", images.provide(&platform.site(), &missing, &log).await.unwrap_err());
    assert!(error.contains("init could not be pulled") && error.contains("CI pushes images"), "{error}");
    docker(&["image", "rm", "--force", "e2i-adapters-kept:first", &image]);
    drop(registry);
    let error = format!("{:#}", images.provide(&platform.site(), &revisions, &log).await.unwrap_err());
    assert!(error.contains("could not be pulled"), "{error}");
}

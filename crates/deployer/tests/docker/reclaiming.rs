//! Room is made of what is ours and of no use any more.

use deployer::ports::Disk;
use deployer::release::{Manifest, Service};

use crate::platform::{Lines, Platform, docker};

fn exists(kind: &str, name: &str) -> bool {
    let mut command = std::process::Command::new("docker");
    command.args([kind, "inspect", name]).output().unwrap().status.success()
}

#[tokio::test]
async fn what_may_be_needed_stays_and_so_does_what_is_not_ours() {
    let platform = Platform::new("reclaim");
    let (runtime, log) = (&platform.ports.runtime, Lines::default());
    let first = platform.ports.source.head().await.unwrap();
    let (rendered_first, kept) = platform.render(1, &first).await;
    let second = platform.commit(&[("services/gateway/what", "two")]);
    let (rendered_second, gone) = platform.render(2, &second).await;
    platform.render(3, &first).await;
    let old = runtime.start(&rendered_first, Service::Gateway, &log).await.unwrap();
    let taken_back = runtime.start(&rendered_second, Service::Gateway, &log).await.unwrap();
    for container in [&old, &taken_back] {
        runtime.stop(container, std::time::Duration::from_secs(5)).await.unwrap();
    }
    // What a container stands on, though no release names it: Docker itself would take one of two names away.
    let under = gone[&Service::Nginx].image.clone();
    let second_name = format!("{}-theirs/nginx:1", platform.name);
    docker(&["tag", &under, &second_name]);
    let standing = format!("{}-standing", platform.name);
    docker(&["create", "--name", &standing, "--label", &format!("e2i.project={}", platform.name), &under]);
    // Somebody else's: another prefix for the same image, and an image that merely has our name.
    let (ours, theirs) = (&gone[&Service::Gateway].image, format!("{}-theirs/gateway:1", platform.name));
    docker(&["tag", ours, &theirs]);
    let unlabelled = format!("{}/gateway:theirs", platform.name);
    docker(&["tag", "debian:trixie-slim", &unlabelled]);
    let keep =
        Manifest { pieces: kept.clone(), containers: [(Service::Gateway, old.clone())].into(), ..Manifest::default() };
    platform.ports.housekeeping.reclaim(std::slice::from_ref(&keep), &log).await.unwrap();
    assert!(exists("container", &old) && !exists("container", &taken_back), "{}", log.text());
    assert!(kept.values().all(|piece| exists("image", &piece.image_id)), "{}", log.text());
    assert!(!exists("image", ours), "{}", log.text());
    assert!(exists("image", &under), "{}", log.text());
    docker(&["rm", &standing]);
    docker(&["image", "rm", &second_name]);
    assert!(exists("image", &theirs) && exists("image", &unlabelled), "{}", log.text());
    assert!(rendered_first.file.exists() && !rendered_second.file.exists());
    assert!(log.text().contains(&format!("removing container {taken_back}")), "{}", log.text());
    docker(&["image", "rm", &theirs]);
    // Again: nothing more.
    let again = Lines::default();
    platform.ports.housekeeping.reclaim(&[keep], &again).await.unwrap();
    assert_eq!(again.text(), "");
    let disk: Disk = platform.ports.housekeeping.disk().await.unwrap();
    assert!(disk.total_bytes > disk.free_bytes && disk.used_share() > 0.0);
    for part in ["build cache", "images", "checkout", "logs"] {
        assert!(disk.parts.iter().any(|one| one.name == part && one.size_bytes > 0), "{part}: {disk:?}");
    }
    assert!(platform.ports.housekeeping.free_memory().await.unwrap() > 1 << 20);
}

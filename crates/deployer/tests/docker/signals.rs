//! Signals, and what the engine does afterwards.

use deployer::ports::{Running, Signal};
use deployer::release::Service;

use crate::platform::{Lines, Platform, docker, until};

async fn worker(platform: &Platform) -> Running {
    let all = platform.ports.runtime.containers().await.unwrap();
    all.into_iter().find(|one| one.service == Service::Worker && one.deployment.is_some()).unwrap()
}

#[tokio::test]
async fn a_worker_that_rests_is_started_again_when_it_crashes_and_one_that_ended_is_not() {
    let platform = Platform::new("signals");
    let commit = platform.ports.source.head().await.unwrap();
    let (rendered, pieces) = platform.render(1, &commit).await;
    let log = Lines::default();
    let name = platform.ports.runtime.start(&rendered, Service::Worker, &log).await.unwrap();
    platform.ready(Service::Worker, &name, &pieces[&Service::Worker].revision).await;
    let heard = || docker(&["exec", &name, "sh", "-c", "cat /tmp/heard 2>/dev/null || true"]);
    let runtime = &platform.ports.runtime;
    runtime.signal(&name, Signal::Rest).await.unwrap();
    runtime.signal(&name, Signal::Wake).await.unwrap();
    until("both signals are heard", async || heard() == "rest\nwake\n").await;

    // Resting has not made it one that was stopped by hand.
    docker(&["exec", &name, "touch", "/tmp/crash"]);
    until("it is started again", async || {
        let worker = worker(&platform).await;
        worker.is_running && worker.restarts == 1
    })
    .await;
    // The engine says of one that it is about to start that it runs.
    platform.ready(Service::Worker, &name, &pieces[&Service::Worker].revision).await;

    // Told to end, it ends when its job has, and stays.
    docker(&["exec", &name, "touch", "/tmp/job"]);
    runtime.signal(&name, Signal::Terminate).await.unwrap();
    until("it has heard", async || heard().ends_with("terminate\n")).await;
    // Told once more, it would drop its job: it is not.
    runtime.signal(&name, Signal::Terminate).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert!(worker(&platform).await.is_running, "its job runs on");
    assert_eq!(heard().matches("terminate").count(), 1);
    docker(&["exec", &name, "rm", "/tmp/job"]);
    until("it has ended", async || !worker(&platform).await.is_running).await;
    runtime.signal(&name, Signal::Wake).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert!(!worker(&platform).await.is_running, "and is not started again");
    assert!(runtime.logs(&name, 5).await.is_ok());
}

#[tokio::test]
async fn one_that_ends_as_soon_as_it_starts_hears_nothing_and_can_be_ended() {
    let platform = Platform::new("loops");
    let commit = platform.ports.source.head().await.unwrap();
    let (_, pieces) = platform.render(1, &commit).await;
    let (image, name) = (&pieces[&Service::Worker].image, format!("{}-loops", platform.name));
    let of_project = format!("com.docker.compose.project={}", platform.name);
    let run = ["run", "--detach", "--name", &name, "--label", &of_project, "--restart", "unless-stopped"];
    docker(&[&run[..], &["--entrypoint", "sh", image, "-c", "exit 3"]].concat());
    let status = || docker(&["inspect", "--format", "{{.State.Status}}", &name]);
    until("it is started again and again", async || status().trim() == "restarting").await;
    let runtime = &platform.ports.runtime;
    runtime.signal(&name, Signal::Rest).await.unwrap();
    runtime.signal(&name, Signal::Terminate).await.unwrap();
    assert_eq!(status().trim(), "exited");
}

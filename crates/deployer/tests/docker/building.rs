//! Images are built under limits that hold.

use std::collections::BTreeMap;

use deployer::release::Service;

use crate::platform::{Lines, Platform, docker};

/// Takes more memory than there is for builds.
const GREEDY: &str = "bash -o pipefail -c 'head -c 600000000 /dev/zero | tail -c 590000000 | wc -c'\n";
/// Two processes that compute for four seconds, and the processor time that they got.
const BUSY: &str = r"cat >/tmp/busy <<'END'
for one in 1 2; do timeout 4 sh -c 'while :; do :; done' & done
wait
times >/tmp/times
sed -n '2s/^/processor time of children: /p' /tmp/times
END
bash /tmp/busy
";

#[tokio::test]
async fn a_revision_is_built_once_in_a_group_of_its_own() {
    let platform = Platform::new("build");
    let (source, images, log) = (&platform.ports.source, &platform.ports.images, Lines::default());
    let head = source.head().await.unwrap();
    let mut revisions = source.revisions(&head).await.unwrap();
    assert!(revisions.contains_key(&Service::Deployer), "{revisions:?}");
    assert!(images.present(&revisions).await.unwrap().is_empty());
    // Seldom in any cache: the commit's own words are part of the step.
    let commit = platform.commit(&[("services/gateway/what", &platform.name)]);
    revisions.insert(Service::Gateway, commit.short().to_owned());
    let checkout = source.checkout(&commit, &log).await.unwrap();
    let pieces = images.provide(&checkout, &revisions, &log).await.unwrap();
    assert_eq!(pieces.len(), revisions.len());
    let said = log.text();
    assert!(said.contains(&format!("/{}-build/buildkit/", platform.name)), "the step's group is in our group: {said}");
    assert_eq!(images.present(&revisions).await.unwrap(), pieces);
    let again = Lines::default();
    assert_eq!(images.provide(&checkout, &revisions, &again).await.unwrap(), pieces);
    assert!(!again.text().contains("building"), "{}", again.text());
    let labels = docker(&["image", "inspect", "--format", "{{json .Config.Labels}}", &pieces[&Service::Gateway].image]);
    assert!(labels.contains(&format!("\"e2i.built-for\":\"{}\"", platform.name)), "{labels}");
}

async fn gateway_alone(platform: &Platform, script: &str, log: &Lines) -> anyhow::Result<()> {
    let script = format!("# {}\n{script}", platform.name);
    let commit = platform.commit(&[("services/gateway/build.sh", &script)]);
    let checkout = platform.ports.source.checkout(&commit, log).await.unwrap();
    let gateway = BTreeMap::from([(Service::Gateway, commit.short().to_owned())]);
    platform.ports.images.provide(&checkout, &gateway, log).await.map(drop)
}

#[tokio::test]
async fn a_build_that_takes_too_much_memory_fails_and_the_machine_lives() {
    let platform = Platform::new("greedy");
    let log = Lines::default();
    let error = gateway_alone(&platform, GREEDY, &log).await.unwrap_err();
    let said = format!("{error:#}");
    assert!(said.contains("could not be built"), "{said}");
    assert!(said.contains("Killed") || said.contains("137") || said.contains("cannot allocate"), "{said}");
}

#[tokio::test]
async fn a_build_gets_its_processors_and_no_more() {
    let platform = Platform::with("busy", &[("BUILD_CPUS", "0.5")]);
    let log = Lines::default();
    gateway_alone(&platform, BUSY, &log).await.unwrap();
    let said = log.text();
    let line = said.lines().find(|line| line.contains("processor time of children: ")).expect(&said);
    // `0m1.9s 0m0.0s`
    let user = line.rsplit(": ").next().unwrap().split_whitespace().next().unwrap();
    let seconds: f64 = user.split_once('m').unwrap().1.trim_end_matches('s').parse().unwrap();
    assert!(seconds > 0.0 && seconds <= 2.8, "half a processor for 4 s is at most 2 s of its time, not {seconds}");
}

#[tokio::test]
async fn a_build_waits_for_a_large_job_and_says_so() {
    let platform = Platform::with("waits", &[("BUILD_WAIT", "6s")]);
    let head = platform.ports.source.head().await.unwrap();
    let (rendered, _) = platform.render(1, &head).await;
    let log = Lines::default();
    let worker = platform.ports.runtime.start(&rendered, Service::Worker, &log).await.unwrap();
    docker(&["exec", &worker, "touch", "/tmp/large"]);
    let begin = std::time::Instant::now();
    gateway_alone(&platform, "true\n", &log).await.unwrap();
    assert!(begin.elapsed().as_secs() >= 6, "within its bounds");
    let said = log.text();
    assert!(said.contains("the build waits until it has ended") && said.contains("the build goes on"), "{said}");
    docker(&["exec", &worker, "rm", "/tmp/large"]);
    let quick = Lines::default();
    gateway_alone(&platform, "true # again\n", &quick).await.unwrap();
    assert!(!quick.text().contains("large job"), "{}", quick.text());
}

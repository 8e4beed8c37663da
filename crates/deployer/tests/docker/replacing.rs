//! A deployer that is replaced by its helper. The helper's own steps run here, as the container would run them.

use chassis::config::Env;
use deployer::adapters::self_update::plan::{Phase, Plan};
use deployer::adapters::self_update::{command, run};
use deployer::ports::Rendered;
use deployer::release::{Piece, Service};

use crate::platform::{Platform, docker, until};

/// The deployers of the platform that run: name and revision.
fn running(platform: &Platform) -> Vec<(String, String)> {
    let project = format!("label=com.docker.compose.project={}", platform.name);
    let arguments = ["ps", "--filter", &project, "--filter", "label=com.docker.compose.service=deployer", "--format"];
    let format = "{{.Names}} {{.Label \"org.opencontainers.image.revision\"}}";
    let text = docker(&[&arguments[..], &[format]].concat());
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, revision)| (name.into(), revision.into()))
        .collect()
}

/// Begins, and takes the helper's container away: what it would do is done here.
async fn begin(platform: &Platform, rendered: &Rendered, piece: &Piece) -> Plan {
    platform.ports.self_update.begin(rendered, piece).await.unwrap();
    let helper = format!("{}-update-update-1", platform.name);
    let about = docker(&[
        "inspect",
        "--format",
        "{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.NetworkMode}} {{.Args}}",
        &helper,
    ]);
    assert!(about.starts_with("on-failure none") && about.contains("replace"), "{about}");
    docker(&["rm", "--force", &helper]);
    Plan::load(&platform.state()).unwrap().unwrap()
}

async fn help(platform: &Platform) {
    let file = Plan::file(&platform.state());
    let arguments = command().get_matches_from(["replace", "--plan", file.to_str().unwrap()]);
    run(&arguments, &Env::from_process()).await.unwrap();
}

#[tokio::test]
async fn a_good_deployer_takes_over_and_a_bad_one_gives_back() {
    // What the helper's container runs is run here: it only has to be there.
    let image = format!("e2i-adapters-helper:{}", std::process::id());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("Dockerfile"),
        "FROM debian:trixie-slim\nENTRYPOINT [\"sh\", \"-c\", \"sleep 60\"]\n",
    )
    .unwrap();
    docker(&["build", "--quiet", "--tag", &image, folder.path().to_str().unwrap()]);
    let platform = Platform::with("replace", &[("DEPLOYER_IMAGE", &image)]);
    let first = platform.up(&["deployer"]).await;
    let old = (format!("{}-deployer-1", platform.name), first[&Service::Deployer].revision.clone());
    assert_eq!(running(&platform), std::slice::from_ref(&old));

    // A good one, by a helper that was killed after each of its steps.
    let second = platform.commit(&[("services/deployer/what", "two")]);
    let (rendered, pieces) = platform.render(2, &second).await;
    let mut plan = begin(&platform, &rendered, &pieces[&Service::Deployer]).await;
    assert_eq!((plan.phase, &plan.old), (Phase::Planned, &old.0));
    help(&platform).await;
    let new = running(&platform);
    assert_eq!(new.len(), 1, "{new:?}");
    assert_eq!(new[0].1, second.short());
    assert_ne!(new[0].0, old.0);
    plan = Plan::load(&platform.state()).unwrap().unwrap();
    assert_eq!(plan.phase, Phase::Done);
    for phase in [Phase::Created, Phase::Stopping, Phase::Starting] {
        // It finds itself where it was, and goes on from there.
        plan.phase = phase;
        plan.save(&platform.state()).unwrap();
        help(&platform).await;
        assert_eq!(Plan::load(&platform.state()).unwrap().unwrap().phase, Phase::Done, "{phase:?}");
        assert_eq!(running(&platform), new, "{phase:?}");
    }
    let aliases = docker(&["inspect", "--format", "{{range .NetworkSettings.Networks}}{{.Aliases}}{{end}}", &new[0].0]);
    assert!(aliases.split(['[', ']', ' ']).any(|alias| alias == "deployer"), "nginx finds it: {aliases}");

    // A bad one: the one before runs on, and it is said why.
    let third = platform.commit(&[("services/deployer/broken", "")]);
    let (rendered, pieces) = platform.render(3, &third).await;
    begin(&platform, &rendered, &pieces[&Service::Deployer]).await;
    help(&platform).await;
    until("the one before runs again", async || running(&platform) == new).await;
    let plan = Plan::load(&platform.state()).unwrap().unwrap();
    assert_eq!(plan.phase, Phase::Restored);
    assert!(plan.words.as_deref().is_some_and(|words| words.contains("this deployer is broken")), "{plan:?}");
    drop(platform);
    docker(&["image", "rm", "--force", &image]);
}

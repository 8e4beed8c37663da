//! A release and its way back, by every adapter that one needs.

use std::collections::BTreeMap;
use std::time::Duration;

use chassis::clock::{Clock as _, SystemClock};
use deployer::ports::Signal;
use deployer::release::{DeploymentId, Manifest, Piece, Service};

use crate::platform::{Lines, Platform, docker, route, until};

#[tokio::test]
async fn a_release_stands_beside_the_old_one_is_switched_to_and_back() {
    let platform = Platform::new("release");
    let old = platform.up(&["nginx", "gateway", "frontend", "worker"]).await;
    let (runtime, proxy, log) = (&platform.ports.runtime, &platform.ports.proxy, Lines::default());
    let found = runtime.containers().await.unwrap();
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|one| one.deployment.is_none() && one.is_running), "started by hand: {found:?}");
    let gateway = found.iter().find(|one| one.service == Service::Gateway).unwrap();
    assert_eq!(
        (&gateway.image_id, &gateway.revision),
        (&old[&Service::Gateway].image_id, &old[&Service::Gateway].revision)
    );

    // Beside the old one, under a name that nobody else answers to.
    let commit = platform.commit(&[("services/gateway/what", "two"), ("services/frontend/what", "two")]);
    let (rendered, pieces) = platform.render(12, &commit).await;
    assert_eq!(rendered.project, format!("{}-r12", platform.name));
    assert_eq!(pieces[&Service::Worker], old[&Service::Worker], "the worker did not change");
    let names = [format!("{}-r12-gateway-1", platform.name), format!("{}-r12-frontend-1", platform.name)];
    for (service, name) in [Service::Gateway, Service::Frontend].into_iter().zip(&names) {
        assert_eq!(&runtime.start(&rendered, service, &log).await.unwrap(), name);
        assert_eq!(&runtime.start(&rendered, service, &log).await.unwrap(), name, "twice is once");
        platform.ready(service, name, commit.short()).await;
    }
    let wrong = platform.ports.prober.ready(Service::Gateway, &names[0], "another").await.unwrap().unwrap_err();
    assert!(wrong.is_final && wrong.why.contains("instead of another"), "{wrong}");
    let aliases = docker(&["inspect", "--format", "{{range .NetworkSettings.Networks}}{{.Aliases}}{{end}}", &names[0]]);
    assert!(!aliases.split(['[', ']', ' ']).any(|alias| alias == "gateway"), "{aliases}");
    let told = docker(&["inspect", "--format", "{{.Config.Env}} {{.Config.Labels.kept}}", &names[0]]);
    assert!(told.contains("TELL=a $ sign and words") && told.contains("yes"), "{told}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&rendered.file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600, "it holds secrets");

    // Migrations and configuration come from the new images.
    let manifest = Manifest { pieces: pieces.clone(), ..Manifest::default() };
    platform.ports.migrator.migrate(&manifest, &rendered, &log).await.unwrap();
    assert!(log.text().contains(&format!("migrated by {}", commit.short())), "{}", log.text());
    let configuration = proxy.publish(&rendered, &pieces[&Service::Nginx], &log).await.unwrap();
    there_and_back(&platform, &old, commit.short(), &configuration, &names).await;
}

/// Switched to, drained, and back to what was kept.
async fn there_and_back(
    platform: &Platform,
    old: &BTreeMap<Service, Piece>,
    revision: &str,
    configuration: &str,
    names: &[String; 2],
) {
    let (runtime, proxy) = (&platform.ports.runtime, &platform.ports.proxy);
    let before = [format!("{}-gateway-1", platform.name), format!("{}-frontend-1", platform.name)];
    let (before, names) = ([before[0].as_str(), before[1].as_str()], [names[0].as_str(), names[1].as_str()]);
    let since = SystemClock.now();
    proxy.switch(&route("r12-1", configuration, names, Some(before))).await.unwrap();
    assert_eq!(proxy.current().await.unwrap(), ("r12-1".to_owned(), configuration.to_owned()));
    assert_eq!(platform.answers("/api/v1/me").await, (200, revision.to_owned()));
    assert_eq!(platform.answers("/api/v1/broken").await.0, 500);
    let owned = names.map(str::to_owned);
    until("nginx has logged both requests", async || {
        let seen = proxy.traffic(since, &owned).await.unwrap();
        (seen.requests, seen.errors) == (2, 1)
    })
    .await;
    let of_old = proxy.traffic(since, &before.map(str::to_owned)).await.unwrap();
    assert_eq!(of_old.requests, 0, "nobody asked the old one");

    // Without backup, and the old one is stopped and kept.
    proxy.switch(&route("r12-2", configuration, names, None)).await.unwrap();
    assert!(proxy.old_workers_gone(Duration::from_secs(70)).await.unwrap());
    runtime.signal(before[0], Signal::Rest).await.unwrap();
    for container in before {
        runtime.stop(container, Duration::from_secs(5)).await.unwrap();
        runtime.stop(container, Duration::from_secs(5)).await.unwrap();
    }
    let kept = runtime.containers().await.unwrap();
    assert!(kept.iter().any(|one| one.name == before[0] && !one.is_running), "{kept:?}");
    let stopped = platform.ports.prober.ready(Service::Gateway, before[0], "x").await.unwrap().unwrap_err();
    assert!(!stopped.is_final && stopped.why.contains("does not answer"), "{stopped}");

    // And back in moments.
    for (service, container) in [Service::Gateway, Service::Frontend].into_iter().zip(before) {
        runtime.start_again(container).await.unwrap();
        platform.ready(service, container, &old[&service].revision).await;
    }
    proxy.switch(&route("r13-1", configuration, before, Some(names))).await.unwrap();
    assert_eq!(platform.answers("/").await, (200, old[&Service::Frontend].revision.clone()));
    proxy.switch(&route("r13-2", configuration, before, None)).await.unwrap();
    runtime.stop(names[0], Duration::from_secs(5)).await.unwrap();
    runtime.remove(names[0]).await.unwrap();
    runtime.remove(names[0]).await.unwrap();
    assert!(runtime.start_again(names[0]).await.is_err(), "it is gone");
    proxy.maintenance(true).await.unwrap();
    assert_eq!(platform.answers("/api/v1/me").await.0, 503);
    proxy.maintenance(false).await.unwrap();
    assert_eq!(platform.answers("/api/v1/me").await.0, 200);
}

#[tokio::test]
async fn what_is_wrong_with_a_release_is_said_and_changes_nothing() {
    let platform = Platform::new("wrong");
    let pieces = platform.up(&["nginx", "gateway", "frontend"]).await;
    let runs = platform.ports.runtime.infrastructure().await.unwrap();
    // Certificates come up with nginx, which waits for them.
    let up = [Service::Nginx, Service::Certificates].map(|service| (service, pieces[&service].revision.clone()));
    assert_eq!(runs, up.into());
    let (proxy, log) = (&platform.ports.proxy, Lines::default());
    let before = proxy.current().await.unwrap();
    // A configuration that nginx refuses is never published.
    let http = std::fs::read_to_string(platform.site().join("nginx/http.conf")).unwrap();
    let commit = platform.commit(&[
        ("nginx/http.conf", &format!("{http}\nno_such_directive on;\n")),
        ("services/gateway/no-migration", ""),
    ]);
    let (rendered, pieces) = platform.render(2, &commit).await;
    let error = proxy.publish(&rendered, &pieces[&Service::Nginx], &log).await.unwrap_err();
    assert!(format!("{error:#}").contains("no_such_directive"), "{error:#}");
    let manifest = Manifest { pieces: pieces.clone(), ..Manifest::default() };
    let error = platform.ports.migrator.migrate(&manifest, &rendered, &log).await.unwrap_err();
    assert!(format!("{error:#}").contains("the migration failed"), "{error:#}");
    // A route to nobody is not confirmed by anybody.
    let nobody = route("r2-1", "none-1", ["nobody", "nobody"], None);
    let error = proxy.switch(&nobody).await.unwrap_err();
    assert!(format!("{error:#}").contains("there is no /etc/e2i/nginx/conf/none-1"), "{error:#}");
    assert_eq!(proxy.current().await.unwrap(), before);
    // Ill, moved away, gone.
    let container = platform.ports.runtime.start(&rendered, Service::Gateway, &log).await.unwrap();
    platform.ready(Service::Gateway, &container, commit.short()).await;
    for (file, words) in [("ill", "answers 503"), ("moved", "answers 301")] {
        docker(&["exec", &container, "touch", &format!("/tmp/{file}")]);
        let why = platform.ports.prober.ready(Service::Gateway, &container, commit.short()).await.unwrap().unwrap_err();
        assert!(why.why.contains(words), "{why}");
        docker(&["exec", &container, "rm", &format!("/tmp/{file}")]);
    }
    let error = platform.ports.runtime.render(&platform.site().join("nowhere"), DeploymentId(3), &pieces).await;
    assert!(format!("{:#}", error.unwrap_err()).contains("do not render"));
}

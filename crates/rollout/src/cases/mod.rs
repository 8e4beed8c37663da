//! What is tried. To add a case: a function, and its line in [`ALL`].
//!
//! Where each comes from: the table of failures of other deployers in ADR 0012, and the promise in docs/RELEASES.md.

mod bad;
mod crash;
mod good;
mod hooks;
mod people;
mod world;

use crate::case::{Case, Doing, Trial};

/// Every case, in the order in which they are tried.
pub const ALL: &[Case] = &[
    case("good", "a release of all services goes live", true, |trial| Box::pin(good::all_services(trial))),
    case("ten", "ten releases in a row; a ten-minute job and an upload go through them", false, |trial| {
        Box::pin(good::ten(trial))
    }),
    case("one-service", "a release of the worker leaves gateway and web app alone", false, |trial| {
        Box::pin(good::one_service(trial))
    }),
    case("no-service", "a commit that touches no service is live without anything being started", false, |trial| {
        Box::pin(good::no_service(trial))
    }),
    case("configuration", "a release of nginx's configuration alone", false, |trial| {
        Box::pin(good::configuration(trial))
    }),
    case("never-ready", "an image that never answers is taken back", true, |trial| Box::pin(bad::never_ready(trial))),
    case("exits", "an image that starts and ends is taken back", false, |trial| Box::pin(bad::exits(trial))),
    case("worker-exits", "a worker that starts and ends is taken back", false, |trial| {
        Box::pin(bad::worker_exits(trial))
    }),
    case("answers-500", "an image that is ready but answers 500 never meets a request", false, |trial| {
        Box::pin(bad::answers_500(trial))
    }),
    case("wrong-revision", "an image that says another revision is taken back", false, |trial| {
        Box::pin(bad::wrong_revision(trial))
    }),
    case("migration-fails", "a migration that fails ends the release before anything is started", true, |trial| {
        Box::pin(bad::migration_fails(trial))
    }),
    case("migration-blocks", "a migration that meets a lock gives way, and ends the release", false, |trial| {
        Box::pin(bad::migration_blocks(trial))
    }),
    case("soak-unready", "a release that is not ready any more after 20 s is taken back", true, |trial| {
        Box::pin(bad::soak_unready(trial))
    }),
    case("soak-errors", "a release that answers errors after 20 s is taken back", false, |trial| {
        Box::pin(bad::soak_errors(trial))
    }),
    case("canary-wrong", "a worker whose canary has a wrong number is taken back", false, |trial| {
        Box::pin(bad::canary_wrong(trial))
    }),
    case("nginx-invalid", "a configuration that nginx refuses ends the release", false, |trial| {
        Box::pin(bad::nginx_invalid(trial))
    }),
    case("no-image", "an image that CI never pushed ends the release", false, |trial| Box::pin(bad::no_image(trial))),
    case("builds", "the deployer builds an image itself; one that cannot be built ends the release", false, |trial| {
        Box::pin(world::builds(trial))
    }),
    case("registry-away", "a registry that does not answer ends the release; later it goes", false, |trial| {
        Box::pin(world::registry_away(trial))
    }),
    case("git-away", "a repository that does not answer; when it is back, what was pushed goes live", false, |trial| {
        Box::pin(world::git_away(trial))
    }),
    case("disk-full", "on a full disk a release is refused with words; with room it goes", false, |trial| {
        Box::pin(world::disk_full(trial))
    }),
    case(
        "signature",
        "a wrong signature is refused, a delivery counts once, other events change nothing",
        false,
        |trial| Box::pin(hooks::signature(trial)),
    ),
    case("three-ways", "one commit by push, workflow and reconciler is one deployment", false, |trial| {
        Box::pin(hooks::three_ways(trial))
    }),
    case("two-pushes", "two pushes within a second: one after the other, the newer is live", false, |trial| {
        Box::pin(hooks::pushes::<2>(trial))
    }),
    case("ten-pushes", "ten pushes during a release: the newest is live, those between never run", false, |trial| {
        Box::pin(hooks::pushes::<10>(trial))
    }),
    case("missed-push", "a push that nobody told of is found and goes live", false, |trial| {
        Box::pin(hooks::missed(trial))
    }),
    case("reconcile-after-back", "what was taken back stays back: two ticks and a restart", true, |trial| {
        Box::pin(hooks::reconcile_after_back(trial))
    }),
    case("rollback", "back by hand in seconds, pinned; a newer commit lifts the pin", false, |trial| {
        Box::pin(people::rollback(trial))
    }),
    case("pin-holds", "what a pin holds back stays back: two ticks and a restart; resume lets it go", false, |trial| {
        Box::pin(people::pin_holds(trial))
    }),
    case(
        "schema-newer",
        "going back is refused where the schema is newer than that release can read",
        false,
        |trial| Box::pin(people::schema_newer(trial)),
    ),
    case("stray", "a container started by hand beside the release is stopped, and said", false, |trial| {
        Box::pin(people::stray(trial))
    }),
    case("self-update", "the deployer replaces itself, twice", false, |trial| Box::pin(people::self_update(trial))),
    case("housekeeping", "what can be gone back to is kept, older ones go, others' things stay", false, |trial| {
        Box::pin(people::housekeeping(trial))
    }),
    case("kill-two", "the deployer is killed at two steps drawn by lot", true, |trial| {
        Box::pin(crash::at_two_steps(trial))
    }),
    case("kill-forward", "the deployer is killed at each step of a release", false, |trial| {
        Box::pin(crash::at_each_step(trial))
    }),
    case("kill-back", "the deployer is killed at each step of taking back", false, |trial| {
        Box::pin(crash::at_each_step_back(trial))
    }),
    case("killed-gateway", "a killed gateway comes back by itself", false, |trial| {
        Box::pin(crash::killed_gateway(trial))
    }),
    case("engine-restart", "the engine is restarted in the middle of a release", false, |trial| {
        Box::pin(crash::engine_restart(trial))
    }),
    case("reboot", "the power is cut in the middle of a release", false, |trial| Box::pin(crash::reboot(trial))),
];

const fn case(
    name: &'static str,
    about: &'static str,
    in_ci: bool,
    run: for<'a> fn(&'a mut Trial<'_>) -> Doing<'a>,
) -> Case {
    Case { name, about, in_ci, run }
}

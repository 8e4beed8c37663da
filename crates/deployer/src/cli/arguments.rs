//! The command line of orders.

use clap::{Arg, ArgAction, Command, value_parser};

/// The subcommands.
#[must_use]
pub fn commands() -> Vec<Command> {
    let json = || flag("json", "Print one JSON document instead of words");
    let no_wait = || flag("no-wait", "Do not wait for the end");
    let force = || flag("force", "Overrule the refusals that can be overruled");
    let id = |help: &'static str| Arg::new("id").required(true).value_parser(value_parser!(i64).range(1..)).help(help);
    vec![
        Command::new("deploy")
            .about("Release a branch, tag or commit, and wait until it is live or back")
            .arg(
                Arg::new("ref")
                    .default_value("main")
                    .help("What to release; it has to be on the branch that is released"),
            )
            .arg(flag("first", "On a server without a running deployer: release in this process"))
            .arg(flag("dry-run", "Say what would change, and change nothing"))
            .arg(force())
            .arg(Arg::new("note").long("note").default_value("").help("Why, for those who read it later"))
            .arg(no_wait())
            .arg(json()),
        Command::new("rollback")
            .about("Go back to a kept release, in seconds; without a number, to the one before the live one")
            .arg(Arg::new("id").value_parser(value_parser!(i64).range(1..)).help("The deployment to go back to"))
            .arg(force())
            .arg(no_wait())
            .arg(json()),
        Command::new("cancel")
            .about("End a deployment that waits or is under way")
            .arg(id("The deployment"))
            .arg(json()),
        Command::new("plan")
            .about("Say what a deploy would change; changes nothing")
            .arg(Arg::new("ref").default_value("main").help("Of what"))
            .arg(json()),
        Command::new("resume").about("Lift the pin of a rollback, and try again what is stuck").arg(json()),
        Command::new("pause")
            .about("Put the maintenance page up, or take it away")
            .arg(Arg::new("on").required(true).value_parser(["on", "off"]).help("on or off"))
            .arg(json()),
        Command::new("status").about("Say what is live, under way and next").arg(json()),
        Command::new("health-check").about("After a deploy: is what is live well, and what is claimed?").arg(json()),
    ]
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::commands().into_iter().for_each(clap::Command::debug_assert);
    }
}

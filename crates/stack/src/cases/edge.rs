//! Checks written as scripts: each of `scripts/stack/*.sh` is a case.
//!
//! A script says its tier and what it is about in its first lines (`# tier: base`, `# about: ...`), is run in the copy of
//! the clone, prints `ok - ...` and `not ok - ...`, and ends with code 0 when all is well. It is told where the tier is:
//!
//! | variable | what |
//! | --- | --- |
//! | `COMPOSE_PROJECT_NAME` and the other variables of the compose files | `scripts/compose.sh laptop|prod ...` finds the project |
//! | `E2I_HTTP_URL`, `E2I_HTTPS_URL` | its addresses on this machine |
//! | `E2I_CERTIFICATE` | a file with nginx's certificate |
//! | `E2I_ADMIN_EMAIL`, `E2I_ADMIN_PASSWORD` | the first admin |
//! | `E2I_NETNS`, `E2I_NETNS_ADDRESS`, `E2I_HOST_ADDRESS` | in `prod`: a stranger's namespace, its address, and this machine's as seen from there |

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tokio::process::Command;

use crate::case::{Case, Figures, Room, Run, Tier};
use crate::command::{last_lines, said};

const FOLDER: &str = "scripts/stack";
const WITHIN: Duration = Duration::from_mins(10);

/// A case for each script.
///
/// # Errors
/// When one cannot be read, or says no tier.
pub fn scripts(clone: &Path) -> anyhow::Result<Vec<Case>> {
    let Ok(entries) = std::fs::read_dir(clone.join(FOLDER)) else { return Ok(Vec::new()) };
    let mut cases = Vec::new();
    for entry in entries {
        let path = entry.context("list scripts/stack")?.path();
        if path.extension().is_some_and(|end| end == "sh") {
            let text = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
            let name = path.file_stem().and_then(|name| name.to_str()).context("a script's name is no text")?;
            cases.push(case(name, &text)?);
        }
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(cases)
}

fn case(name: &str, text: &str) -> anyhow::Result<Case> {
    let said = |what: &str| text.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(what)).map(str::trim);
    let tier = match said("tier:") {
        Some("files") => Tier::Files,
        Some("base") => Tier::Base,
        Some("prod") => Tier::Prod,
        Some("dev") => Tier::Dev,
        other => anyhow::bail!("{FOLDER}/{name}.sh says tier {other:?}; a line `# tier: files|base|prod|dev` does"),
    };
    let about = said("about:").unwrap_or("what its lines say").to_owned();
    Ok(Case { tier, name: name.to_owned(), about, run: Run::Script(format!("{FOLDER}/{name}.sh")) })
}

/// Runs one.
///
/// # Errors
/// When it fails or has a `not ok` line.
pub async fn run(room: &Room<'_>, script: &str) -> anyhow::Result<Figures> {
    let certificate = tempfile::NamedTempFile::new().context("make a file")?;
    let mut command = match &room.project {
        Some(project) => {
            std::fs::write(certificate.path(), project.certificate().await?).context("write the certificate")?;
            let (email, password) = project.admin().await?;
            let mut command = project.command(script);
            command.env("E2I_HTTP_URL", project.http_url()).env("E2I_HTTPS_URL", project.https_url());
            command.env("E2I_CERTIFICATE", certificate.path());
            command.env("E2I_ADMIN_EMAIL", email).env("E2I_ADMIN_PASSWORD", password);
            command
        }
        None => room.site.command(script),
    };
    tell_of_outside(&mut command, room);
    let said = said(&mut command, WITHIN).await?;
    let (well, ill) = (lines(&said.out, "ok - ").len(), lines(&said.out, "not ok - "));
    if !said.success || !ill.is_empty() {
        bail!("{script}: {} not ok\n{}\n{}", ill.len(), last_lines(&said.all(), 40), ill.join("\n"));
    }
    ensure!(well > 0, "{script} checked nothing:\n{}", last_lines(&said.all(), 20));
    Ok(Figures::none().note(format!("{well} checks")))
}

fn tell_of_outside(command: &mut Command, room: &Room<'_>) {
    if let Some(outside) = &room.outside {
        command.env("E2I_NETNS", outside.name());
        command.env("E2I_NETNS_ADDRESS", outside.address.to_string()).env("E2I_HOST_ADDRESS", outside.host.to_string());
    }
}

fn lines<'a>(text: &'a str, beginning: &str) -> Vec<&'a str> {
    text.lines().filter(|line| line.starts_with(beginning)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_where_it_is_tried() {
        let found = case("tls", "#!/usr/bin/env bash\n# tier: prod\n# about: TLS 1.2 and 1.3\nset -e\n").unwrap();
        assert_eq!((found.tier, found.about.as_str()), (Tier::Prod, "TLS 1.2 and 1.3"));
        assert!(case("tls", "#!/usr/bin/env bash\n").is_err());
    }

    #[test]
    fn a_line_that_is_not_ok_is_none_that_is() {
        let text = "ok - a\nnot ok - b\nok - c\n";
        assert_eq!((lines(text, "ok - ").len(), lines(text, "not ok - ")), (2, vec!["not ok - b"]));
    }
}

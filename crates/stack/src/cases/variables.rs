//! `.env.example` against the compose files, in both directions.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};

use crate::case::{Figures, Room};
use crate::site::variables_of;

const COMPOSE_FILES: [&str; 3] = ["docker-compose.yml", "docker-compose.dev.yml", "docker-compose.prod.yml"];
/// Read by compose itself.
const OF_COMPOSE: [&str; 1] = ["COMPOSE_PROFILES"];

pub(super) async fn explained(room: &Room<'_>) -> anyhow::Result<Figures> {
    let read =
        |name: &str| std::fs::read_to_string(room.site.folder().join(name)).with_context(|| format!("read {name}"));
    let example = read(".env.example")?;
    let names = variables_of(&example);
    let explained: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    ensure!(explained.len() == names.len(), ".env.example names a variable twice");
    let mut used = BTreeSet::from(OF_COMPOSE.map(str::to_owned));
    for file in COMPOSE_FILES {
        used.extend(interpolated(&read(file)?));
    }
    let unexplained: Vec<_> = used.iter().filter(|name| !explained.contains(name.as_str())).collect();
    ensure!(unexplained.is_empty(), ".env.example does not explain {unexplained:?}");
    let unused: Vec<_> = explained.iter().filter(|name| !used.contains(**name)).collect();
    ensure!(unused.is_empty(), "no compose file uses {unused:?} of .env.example");
    Ok(Figures::none().note(format!("{} variables", used.len())))
}

/// The names in `${NAME...}` and `$NAME`, but not in `$$...`, which is for a shell, nor in comments.
fn interpolated(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let mut rest = line;
        while let Some(at) = rest.find('$') {
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                rest = after;
                continue;
            }
            let name = rest.strip_prefix('{').unwrap_or(rest);
            let is_part =
                |character: char| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_';
            let end = name.find(|character: char| !is_part(character)).unwrap_or(name.len());
            if end > 0 {
                names.insert(name[..end].to_owned());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_within_each_other_and_shells_are_left_alone() {
        let text = "# ${NOT_THIS}\na: ${A:-${B:+s3://}${C:-x}}\nb: $D/e ['x=\"$$(cat /y)\" $${Z}']\n";
        let expected = ["A", "B", "C", "D"].map(str::to_owned);
        assert_eq!(interpolated(text), BTreeSet::from(expected));
    }
}

//! The file of checks that operators add (`HEALTH_CHECKS_FILE`), in TOML; `docker/health/checks.example.toml` explains every
//! key. What is not understood is refused with its line: a check that is misspelt must not be a check that never fails.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chassis::config::{Env, Secret, Setting as _};
use http::StatusCode;
use serde::Deserialize;
use toml::Spanned;
use url::Url;

use crate::part::{Cadence, Importance, Part, PartId};

/// A check of an operator's own.
#[derive(Debug, Clone)]
pub struct OwnCheck {
    /// The part.
    pub part: Part,
    /// An answer that took longer is a warning.
    pub slow_after: Option<Duration>,
    /// What is looked at.
    pub kind: OwnKind,
}

/// What is looked at.
#[derive(Debug, Clone)]
pub enum OwnKind {
    /// An address over HTTP.
    Http {
        /// Where.
        url: Url,
        /// What it has to answer; any success when left out.
        status: Option<StatusCode>,
        /// What has to be in the body.
        contains: Option<String>,
    },
    /// `host:port`.
    Tcp(String),
    /// A statement.
    Sql {
        /// Which database.
        url: Secret<String>,
        /// The statement.
        query: String,
        /// What it has to say.
        expect: Option<String>,
    },
    /// A Redis.
    Redis(Secret<String>),
    /// Something that says by itself that it is alive.
    Heartbeat {
        /// What it shows with each beat.
        token: Secret<String>,
        /// One beat is due within this.
        within: Duration,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    check: Vec<Spanned<Entry>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    title: Option<String>,
    kind: String,
    critical: Option<bool>,
    parents: Option<Vec<String>>,
    interval: Option<String>,
    timeout: Option<String>,
    down_after: Option<u32>,
    up_after: Option<u32>,
    slow_after: Option<String>,
    url: Option<String>,
    url_variable: Option<String>,
    status: Option<u16>,
    contains: Option<String>,
    address: Option<String>,
    query: Option<String>,
    expect: Option<String>,
    token_variable: Option<String>,
    every: Option<String>,
    grace: Option<String>,
}

/// Reads the file. `known` are the ids of parts that there are already.
///
/// # Errors
/// What is wrong with it, with file and line.
pub fn read(path: &Path, env: &Env, known: &[PartId]) -> Result<Vec<OwnCheck>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    parse(&text, env, known).map_err(|words| format!("{}: {words}", path.display()))
}

fn parse(text: &str, env: &Env, known: &[PartId]) -> Result<Vec<OwnCheck>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let ids: Vec<&str> = file.check.iter().map(|entry| entry.get_ref().id.as_str()).collect();
    let all: Vec<&str> = known.iter().map(PartId::as_str).chain(ids.iter().copied()).collect();
    let mut checks = Vec::new();
    for entry in &file.check {
        let line = 1 + text[..entry.span().start].matches('\n').count();
        let id = &entry.get_ref().id;
        if all.iter().filter(|other| *other == id).count() > 1 {
            return Err(format!("line {line}: there are two parts {id:?}"));
        }
        let check = check(entry.get_ref(), env, &all).map_err(|words| format!("line {line}: check {id:?}: {words}"))?;
        checks.push(check);
    }
    Ok(checks)
}

fn check(entry: &Entry, env: &Env, all: &[&str]) -> Result<OwnCheck, String> {
    let id = PartId::parse(&entry.id).ok_or("an id has small letters, digits and -, at most 40 of them")?;
    let kind = kind(entry, env)?;
    let parents = entry.parents.iter().flatten().map(|parent| {
        let is_there = all.contains(&parent.as_str()) && *parent != entry.id;
        let found = PartId::parse(parent).filter(|_| is_there);
        found.ok_or_else(|| format!("there is no other part {parent:?} to stand on; there are {}", all.join(", ")))
    });
    let parents = parents.collect::<Result<Vec<_>, _>>()?;
    let importance = if entry.critical.unwrap_or(false) { Importance::Critical } else { Importance::Optional };
    let title = entry.title.clone().unwrap_or_else(|| entry.id.clone());
    let cadence = cadence(entry)?;
    let slow_after = duration("slow_after", entry.slow_after.as_deref())?;
    Ok(OwnCheck { part: Part { id, title, importance, parents, cadence, service: None }, slow_after, kind })
}

fn cadence(entry: &Entry) -> Result<Cadence, String> {
    let is_heartbeat = entry.kind == "heartbeat";
    // A beat that is missed counts at once, and one that comes is enough: how long is waited for it is its own matter.
    let default = if is_heartbeat { (5, 1, 1) } else { (30, 3, 2) };
    let interval = duration("interval", entry.interval.as_deref())?.unwrap_or(Duration::from_secs(default.0));
    let timeout = duration("timeout", entry.timeout.as_deref())?.unwrap_or(Duration::from_secs(5));
    let (down_after, up_after) = (entry.down_after.unwrap_or(default.1), entry.up_after.unwrap_or(default.2));
    if interval < Duration::from_secs(1) || timeout.is_zero() || timeout > Duration::from_mins(1) {
        return Err("interval is at least 1s, timeout at most 60s".to_owned());
    }
    if down_after == 0 || up_after == 0 {
        return Err("down_after and up_after are at least 1".to_owned());
    }
    Ok(Cadence { interval, timeout, down_after, up_after })
}

fn kind(entry: &Entry, env: &Env) -> Result<OwnKind, String> {
    match entry.kind.as_str() {
        "http" => {
            only(entry, &["url", "status", "contains"])?;
            let url: Url = needed("url", entry.url.as_deref())?.parse().map_err(|error| format!("url: {error}"))?;
            if !matches!(url.scheme(), "http" | "https") {
                return Err(format!("url begins with {}: instead of http: or https:", url.scheme()));
            }
            let status =
                entry.status.map(StatusCode::from_u16).transpose().map_err(|error| format!("status: {error}"))?;
            Ok(OwnKind::Http { url, status, contains: entry.contains.clone() })
        }
        "tcp" => {
            only(entry, &["address"])?;
            let address = needed("address", entry.address.as_deref())?;
            let port = address.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
            port.ok_or_else(|| format!("address {address:?} is not host:port"))?;
            Ok(OwnKind::Tcp(address.to_owned()))
        }
        "sql" => {
            only(entry, &["url_variable", "query", "expect"])?;
            let query = needed("query", entry.query.as_deref())?.to_owned();
            Ok(OwnKind::Sql {
                url: secret("url_variable", entry.url_variable.as_deref(), env)?,
                query,
                expect: entry.expect.clone(),
            })
        }
        "redis" => {
            only(entry, &["url_variable"])?;
            Ok(OwnKind::Redis(secret("url_variable", entry.url_variable.as_deref(), env)?))
        }
        "heartbeat" => {
            only(entry, &["token_variable", "every", "grace"])?;
            let token = secret("token_variable", entry.token_variable.as_deref(), env)?;
            if token.expose().len() < 16 {
                return Err("the token is shorter than 16 characters and could be guessed".to_owned());
            }
            let every = duration("every", entry.every.as_deref())?.ok_or("every is missing")?;
            let grace = duration("grace", entry.grace.as_deref())?.unwrap_or_default();
            Ok(OwnKind::Heartbeat { token, within: every + grace })
        }
        other => Err(format!("kind {other:?} is none of http, tcp, sql, redis, heartbeat")),
    }
}

/// A key of another kind is as wrong as one that does not exist.
fn only(entry: &Entry, allowed: &[&str]) -> Result<(), String> {
    let given = [
        ("url", entry.url.is_some()),
        ("url_variable", entry.url_variable.is_some()),
        ("status", entry.status.is_some()),
        ("contains", entry.contains.is_some()),
        ("address", entry.address.is_some()),
        ("query", entry.query.is_some()),
        ("expect", entry.expect.is_some()),
        ("token_variable", entry.token_variable.is_some()),
        ("every", entry.every.is_some()),
        ("grace", entry.grace.is_some()),
    ];
    match given.into_iter().find(|(name, is_given)| *is_given && !allowed.contains(name)) {
        Some((name, _)) => Err(format!("a check of kind {} has no {name}; it has {}", entry.kind, allowed.join(", "))),
        None => Ok(()),
    }
}

fn needed<'a>(name: &str, value: Option<&'a str>) -> Result<&'a str, String> {
    value.filter(|value| !value.trim().is_empty()).ok_or_else(|| format!("{name} is missing"))
}

fn duration(name: &str, value: Option<&str>) -> Result<Option<Duration>, String> {
    let read = |value: &str| Duration::read(value).ok_or_else(|| format!("{name} {value:?} is no span like 30s or 5m"));
    value.map(read).transpose()
}

/// Addresses with passwords and tokens do not stand in the file: it names the variable that holds them, or whose `_FILE`
/// does.
fn secret(name: &str, variable: Option<&str>, env: &Env) -> Result<Secret<String>, String> {
    let variable = needed(name, variable)?;
    let mut read = env.reader();
    let value = read.required_secret(variable);
    let value = read.finish(|| value).map_err(|problems| problems.to_string())?;
    Ok(value)
}

/// The tokens of those that say by themselves that they are alive.
#[must_use]
pub fn tokens(checks: &[OwnCheck]) -> BTreeMap<PartId, Secret<String>> {
    let token = |check: &OwnCheck| match &check.kind {
        OwnKind::Heartbeat { token, .. } => Some((check.part.id.clone(), token.clone())),
        _ => None,
    };
    checks.iter().filter_map(token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env() -> Env {
        Env::from_pairs([("REPORTS_URL", "postgres://reports"), ("EXPORT_TOKEN", "0123456789abcdef"), ("SHORT", "x")])
    }

    fn refused(text: &str) -> String {
        parse(text, &env(), &[PartId::parse("postgres").unwrap()]).unwrap_err()
    }

    #[test]
    fn the_example_file_is_understood() {
        let example = include_str!("../../../docker/health/checks.example.toml");
        // As an operator does it: every line that is commented out with one `#` directly before its text.
        let text = example.lines().map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with([' ', '#']) && !rest.is_empty() => rest,
            _ => line,
        });
        let text = text.collect::<Vec<_>>().join("\n");
        let env = Env::from_pairs([
            ("REPORTS_DATABASE_URL", "postgres://reports"),
            ("CACHE_URL", "redis://cache"),
            ("NIGHTLY_EXPORT_TOKEN", "0123456789abcdef"),
        ]);
        let checks = parse(&text, &env, &[PartId::parse("postgres").unwrap()]).unwrap();
        let kinds: Vec<_> = checks.iter().map(|check| std::mem::discriminant(&check.kind)).collect();
        assert_eq!(kinds.len(), 5, "one of each kind: {checks:?}");
        assert!(kinds.iter().enumerate().all(|(at, kind)| !kinds[..at].contains(kind)));
        assert_eq!(tokens(&checks).len(), 1);
        assert!(parse(example, &env, &[]).unwrap().is_empty(), "as it is, it adds nothing");
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line() {
        let unknown = refused("# mine\n[[check]]\nid = \"a\"\nkind = \"tcp\"\nadress = \"x:1\"\n");
        assert!(unknown.contains("line 5") && unknown.contains("adress"), "{unknown}");
        let other = refused("\n[[check]]\nid = \"a\"\nkind = \"tcp\"\naddress = \"x:1\"\nquery = \"q\"\n");
        assert!(other.contains("line 2") && other.contains("has no query"), "{other}");
        for (entry, words) in [
            ("kind = \"dance\"", "none of http"),
            ("kind = \"tcp\"\naddress = \"x\"", "not host:port"),
            ("kind = \"http\"\nurl = \"ftp://x\"", "instead of http"),
            ("kind = \"sql\"\nquery = \"select 1\"", "url_variable is missing"),
            ("kind = \"sql\"\nquery = \"select 1\"\nurl_variable = \"NOPE\"", "NOPE: is not set"),
            ("kind = \"heartbeat\"\nevery = \"1h\"\ntoken_variable = \"SHORT\"", "could be guessed"),
            ("kind = \"tcp\"\naddress = \"x:1\"\ninterval = \"soon\"", "no span"),
            ("kind = \"tcp\"\naddress = \"x:1\"\nparents = [\"mars\"]", "no other part \"mars\""),
            ("kind = \"tcp\"\naddress = \"x:1\"\ndown_after = 0", "at least 1"),
        ] {
            let refusal = refused(&format!("[[check]]\nid = \"a\"\n{entry}\n"));
            assert!(refusal.contains(words), "{entry}: {refusal}");
        }
        let twice = refused("[[check]]\nid = \"postgres\"\nkind = \"tcp\"\naddress = \"x:1\"\n");
        assert!(twice.contains("two parts"), "{twice}");
    }

    #[test]
    fn a_missed_beat_counts_at_once() {
        let text = "[[check]]\nid = \"a\"\nkind = \"heartbeat\"\nevery = \"1h\"\ngrace = \"5m\"\ntoken_variable = \"EXPORT_TOKEN\"\n";
        let [check] = &parse(text, &env(), &[]).unwrap()[..] else { panic!("one check") };
        let OwnKind::Heartbeat { within, .. } = &check.kind else { panic!("a heartbeat") };
        assert_eq!((*within, check.part.cadence.down_after), (Duration::from_mins(65), 1));
        assert_eq!(check.part.cadence.interval, Duration::from_secs(5));
    }
}

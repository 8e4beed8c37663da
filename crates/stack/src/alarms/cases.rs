//! What is tried. To add a case: a function, and its line in [`all`].

mod dead;
mod flooded;

pub use flooded::both;

use std::fmt;

use futures::future::LocalBoxFuture;

use super::part::{self, POSTGRES, Part, REDIS};
use super::room::Room;
use super::trial::{Row, hurt, nothing};
use super::wound::Injury;
use crate::site::Site;

/// What a case does.
pub type Doing<'a> = LocalBoxFuture<'a, anyhow::Result<Row>>;

/// One thing that has to be so.
#[derive(Clone)]
pub struct Case {
    /// Its name on the command line.
    pub name: String,
    /// What is so when it passes.
    pub about: String,
    /// Tries it.
    pub run: Run,
}

impl fmt::Debug for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

/// How a case is tried.
#[derive(Clone, Copy)]
pub enum Run {
    /// A part is hurt.
    Fault(Part, Injury),
    /// By a function.
    Code(for<'a> fn(&'a Room, &'a Site) -> Doing<'a>),
}

impl Case {
    /// Whether somebody who says `word` means it: its name, or a part of that (`redis`, `paused`).
    #[must_use]
    pub fn is_meant(&self, word: &str) -> bool {
        self.name == word || self.name.split('-').any(|part| part == word)
    }

    /// Tries it.
    ///
    /// # Errors
    /// When it is not so.
    pub async fn attempt(&self, room: &Room, site: &Site) -> anyhow::Result<Row> {
        match self.run {
            Run::Fault(part, injury) => hurt(room, &[part], injury, nothing).await,
            Run::Code(run) => run(room, site).await,
        }
    }
}

/// Every case. All parts are killed before the first is paused, and those hurt by the last cases differ: [`Room::may_hurt`] waits
/// before a part is hurt for the fourth time within twenty minutes.
#[must_use]
pub fn all() -> Vec<Case> {
    let mut cases = faults();
    cases.extend([
        case(
            "together",
            "Redis and Postgres killed at once: one alert each, nothing of what stands on them",
            |room, _| Box::pin(hurt(room, &[REDIS, POSTGRES], Injury::Killed, nothing)),
        ),
        case(
            "health-restarted",
            "health killed in an incident and started again: no second alert, one resolve",
            |room, _| Box::pin(dead::restarted(room)),
        ),
        case("health-missed-the-end", "an incident ends while health is dead: one resolve afterwards", |room, _| {
            Box::pin(dead::missed_the_end(room))
        }),
        case(
            "flood",
            "1,000 anonymous /health a second for a minute while Postgres hangs: p99 below 100 ms",
            |room, _| Box::pin(flooded::while_postgres_hangs(room)),
        ),
        case("watched", "health itself dies: the watcher outside says so", |room, site| {
            Box::pin(dead::watched(room, site))
        }),
    ]);
    cases
}

/// Each part hurt in each way.
#[must_use]
pub fn faults() -> Vec<Case> {
    let of = |injury: Injury| {
        part::ALL.iter().map(move |part| Case {
            name: format!("{injury}-{}", part.service),
            about: format!("{} {injury}: one alert that names it, one resolve", part.service),
            run: Run::Fault(*part, injury),
        })
    };
    Injury::ALL.into_iter().flat_map(of).collect()
}

fn case(name: &str, about: &str, run: for<'a> fn(&'a Room, &'a Site) -> Doing<'a>) -> Case {
    Case { name: name.to_owned(), about: about.to_owned(), run: Run::Code(run) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_part_is_hurt_in_each_way_and_names_are_unique() {
        let all = all();
        assert_eq!(faults().len(), 21);
        let names: BTreeSet<&str> = all.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), all.len());
    }

    #[test]
    fn a_word_picks_its_cases() {
        let all = all();
        let picked = |word: &str| all.iter().filter(|case| case.is_meant(word)).count();
        assert_eq!((picked("redis"), picked("paused"), picked("paused-redis"), picked("health")), (3, 7, 1, 2));
        assert_eq!(picked("red"), 0);
    }
}

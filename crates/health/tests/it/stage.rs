//! A small world whose parts are up or down as a test says, looked at as the judge wishes; time goes by only here.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use health::judge::{Happening, Incident, Judge, Memory, Moment, News, Rules, Sample};
use health::part::{Cadence, Importance, Part, PartId};
use health::reading::{Observation, Reading};

/// How time is cut.
const STEP: Duration = Duration::from_millis(250);

pub(crate) fn id(name: &str) -> PartId {
    PartId::parse(name).unwrap()
}

/// A part that is looked at every 10 s and believed after three looks.
pub(crate) fn part(name: &str, parents: &[&str]) -> Part {
    Part {
        id: id(name),
        title: name.to_owned(),
        importance: Importance::Critical,
        parents: parents.iter().map(|parent| id(parent)).collect(),
        cadence: Cadence {
            interval: Duration::from_secs(10),
            timeout: Duration::from_secs(3),
            down_after: 3,
            up_after: 2,
        },
        service: None,
    }
}

/// The platform, in few parts.
pub(crate) fn platform() -> Vec<Part> {
    vec![
        part("canary", &["gateway", "worker", "nginx"]),
        part("worker", &["postgres", "redis"]),
        part("gateway", &["postgres"]),
        part("nginx", &[]),
        part("redis", &[]),
        part("postgres", &[]),
        part("mlflow", &["postgres"]),
    ]
}

/// How a part truly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Well,
    Warns,
    Down,
    /// A look at it takes its whole timeout.
    Hangs,
}

/// What was told, to whom it happened, and when (since the beginning).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) news: News,
    pub(crate) part: String,
    pub(crate) after: Duration,
    pub(crate) incident: Incident,
}

pub(crate) struct Stage {
    pub(crate) judge: Judge,
    pub(crate) parts: Vec<Part>,
    pub(crate) rules: Rules,
    /// Since the beginning.
    pub(crate) elapsed: Duration,
    pub(crate) wall: DateTime<Utc>,
    truth: BTreeMap<PartId, Truth>,
    /// What a part does to those that stand on it.
    pub(crate) contagious: bool,
    next: BTreeMap<PartId, Duration>,
    /// Looks under way: when they end.
    under_way: BTreeMap<PartId, (Duration, Truth)>,
    pub(crate) happenings: Vec<Happening>,
    pub(crate) told: Vec<Told>,
    pub(crate) samples: Vec<Sample>,
}

impl Stage {
    /// A stage that ran well for an hour.
    pub(crate) fn well(parts: Vec<Part>) -> Self {
        let mut stage = Self::first(parts);
        stage.run(Duration::from_mins(5));
        assert!(stage.told.is_empty(), "{:?}", stage.told);
        stage
    }

    /// A first start.
    pub(crate) fn first(parts: Vec<Part>) -> Self {
        Self::with(parts, Rules::default(), Memory::default())
    }

    pub(crate) fn with(parts: Vec<Part>, rules: Rules, memory: Memory) -> Self {
        let wall = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let now = Moment { at: wall, elapsed: Duration::ZERO };
        let spread = |(place, part): (usize, &Part)| {
            (part.id.clone(), Duration::from_millis(700) * u32::try_from(place).unwrap())
        };
        Self {
            judge: Judge::new(rules, parts.clone(), memory, now),
            rules,
            elapsed: Duration::ZERO,
            wall,
            truth: parts.iter().map(|part| (part.id.clone(), Truth::Well)).collect(),
            contagious: true,
            next: parts.iter().enumerate().map(spread).collect(),
            parts,
            under_way: BTreeMap::new(),
            happenings: Vec::new(),
            told: Vec::new(),
            samples: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> Moment {
        Moment { at: self.wall, elapsed: self.elapsed }
    }

    pub(crate) fn set(&mut self, name: &str, truth: Truth) {
        self.truth.insert(id(name), truth);
    }

    pub(crate) fn jump(&mut self, by: TimeDelta) {
        self.wall += by;
    }

    /// The process dies and another begins after a while, with this memory; what is believed is gone.
    pub(crate) fn restart(&mut self, away: Duration, memory: Memory) {
        self.elapsed += away;
        self.wall += TimeDelta::from_std(away).unwrap();
        self.under_way.clear();
        for next in self.next.values_mut() {
            *next = self.elapsed;
        }
        self.judge = Judge::new(self.rules, self.parts.clone(), memory, self.now());
    }

    /// What another process would know.
    pub(crate) fn memory(&self) -> Memory {
        let mut memory = Memory { alive_at: Some(self.wall), ..Memory::default() };
        let mut parts = BTreeMap::new();
        for happening in &self.happenings {
            if let Happening::Changed { memory, .. } = happening {
                parts.insert(memory.part.clone(), memory.clone());
            }
        }
        memory.parts = parts.into_values().collect();
        memory.last_incident = self.told.iter().map(|told| told.incident.id).max().unwrap_or(0);
        memory.incidents = self.judge.incidents().cloned().collect();
        memory
    }

    /// How a look at the part goes: a part whose parent is down fails.
    fn seen(&self, part: &Part) -> Truth {
        let own = self.truth[&part.id];
        if !self.contagious || matches!(own, Truth::Down | Truth::Hangs) {
            return own;
        }
        let sick = part.parents.iter().any(|parent| {
            let parent = self.parts.iter().find(|other| other.id == *parent);
            parent.is_some_and(|parent| matches!(self.seen(parent), Truth::Down | Truth::Hangs))
        });
        if sick { Truth::Down } else { own }
    }

    pub(crate) fn run(&mut self, time: Duration) {
        let until = self.elapsed + time;
        while self.elapsed < until {
            self.step();
        }
    }

    /// Until something is told; gives it.
    pub(crate) fn until_told(&mut self, within: Duration) -> Told {
        let (before, until) = (self.told.len(), self.elapsed + within);
        while self.elapsed < until && self.told.len() == before {
            self.step();
        }
        self.told.get(before).cloned().unwrap_or_else(|| panic!("nothing was told within {within:?}"))
    }

    fn step(&mut self) {
        self.elapsed += STEP;
        self.wall += TimeDelta::from_std(STEP).unwrap();
        for wanted in self.judge.needs_look_now() {
            self.next.insert(wanted, self.elapsed);
        }
        for part in self.parts.clone() {
            self.look(&part);
        }
        if self.elapsed.subsec_millis() == 0 {
            let happenings = self.judge.tick(self.now());
            self.hear(happenings);
        }
    }

    fn look(&mut self, part: &Part) {
        if !self.under_way.contains_key(&part.id) && self.next[&part.id] <= self.elapsed {
            let seen = self.seen(part);
            let takes = if seen == Truth::Hangs { part.cadence.timeout } else { Duration::ZERO };
            self.under_way.insert(part.id.clone(), (self.elapsed + takes, seen));
        }
        let Some((ends, seen)) = self.under_way.get(&part.id).copied().filter(|(ends, _)| *ends <= self.elapsed) else {
            return;
        };
        self.under_way.remove(&part.id);
        let reading = match seen {
            Truth::Well => Reading::pass(),
            Truth::Warns => Reading::warn("75 % are used"),
            Truth::Down => Reading::fail("connection refused"),
            Truth::Hangs => Reading::fail("no answer within 3 s"),
        };
        let latency = if seen == Truth::Hangs { part.cadence.timeout } else { Duration::from_millis(3) };
        self.observe(&Observation { part: part.id.clone(), at: self.wall, latency: Some(latency), reading });
        self.next.insert(part.id.clone(), ends + self.judge.pace(&part.id).unwrap());
    }

    pub(crate) fn observe(&mut self, seen: &Observation) {
        let judged = self.judge.observe(self.now(), seen).unwrap();
        self.samples.push(judged.sample);
        self.hear(judged.happenings);
    }

    pub(crate) fn hear(&mut self, happenings: Vec<Happening>) {
        for happening in &happenings {
            if let Happening::Incident { news, incident } = happening
                && !matches!(news, News::Affected | News::Explained)
            {
                let part = incident.part.to_string();
                let incident = (**incident).clone();
                self.told.push(Told { news: *news, part, after: self.elapsed, incident });
            }
        }
        self.happenings.extend(happenings);
    }

    /// What was told since, as "postgres raised".
    pub(crate) fn lines(&self) -> Vec<String> {
        self.told.iter().map(|told| format!("{} {:?}", told.part, told.news).to_lowercase()).collect()
    }

    pub(crate) fn standing(&self, name: &str) -> health::board::Standing {
        self.judge.standings().into_iter().find(|standing| standing.part.as_str() == name).unwrap()
    }
}

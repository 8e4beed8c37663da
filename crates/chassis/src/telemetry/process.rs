//! What this process takes of the machine, by the names that every Prometheus client uses; read from `/proc`.
//!
//! A worker's children, which compute, are processes of their own and not counted here: the machine's metrics show them.

use std::fs;

use rustix::param::{clock_ticks_per_second, page_size};
use rustix::process::{Resource, getrlimit};

use super::metrics::{self, Measure};

const MEASURES: [Measure; 6] = [
    Measure::gauge("process_cpu_seconds_total", "Processor time that the process took, of all its threads."),
    Measure::gauge("process_resident_memory_bytes", "Memory that the process holds."),
    Measure::gauge("process_threads", "Threads of the process."),
    Measure::gauge("process_open_fds", "Files and connections that the process holds open."),
    Measure::gauge("process_max_fds", "How many it may hold open."),
    Measure::gauge("process_start_time_seconds", "When the process began, in seconds since 1970."),
];

/// Begins the metrics.
pub(crate) fn begin() {
    metrics::begin(&MEASURES);
    look();
}

/// Reads them anew. What cannot be read stays as it was.
pub(crate) fn look() {
    if let Some(stat) = Stat::read() {
        let ticks = clock_ticks_per_second() as f64;
        // A gauge by its type, though it only grows: the library's counters hold whole numbers.
        ::metrics::gauge!("process_cpu_seconds_total").set(stat.cpu_ticks as f64 / ticks);
        ::metrics::gauge!("process_resident_memory_bytes").set((stat.resident_pages * page_size() as u64) as f64);
        ::metrics::gauge!("process_threads").set(stat.threads as f64);
        if let Some(booted) = booted_at_s() {
            ::metrics::gauge!("process_start_time_seconds").set(booted + stat.started_ticks as f64 / ticks);
        }
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        ::metrics::gauge!("process_open_fds").set(open.count() as f64);
    }
    if let Some(most) = getrlimit(Resource::Nofile).current {
        ::metrics::gauge!("process_max_fds").set(most as f64);
    }
}

/// Of `/proc/self/stat`, which proc(5) describes.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    cpu_ticks: u64,
    threads: u64,
    started_ticks: u64,
    resident_pages: u64,
}

impl Stat {
    fn read() -> Option<Self> {
        Self::of(&fs::read_to_string("/proc/self/stat").ok()?)
    }

    fn of(text: &str) -> Option<Self> {
        // The second field is the program's name in brackets, and may hold anything.
        let fields: Vec<&str> = text.rsplit_once(") ")?.1.split_ascii_whitespace().collect();
        // `fields` begins with the third.
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        Some(Self {
            cpu_ticks: field(14)? + field(15)?,
            threads: field(20)?,
            started_ticks: field(22)?,
            resident_pages: field(24)?,
        })
    }
}

fn booted_at_s() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_blanks_does_not_shift_the_fields() {
        let line = "7 (a ) b (c) S 1 7 7 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 9 0 1234 2000000 512 1 1 1 0\n";
        let stat = Stat { cpu_ticks: 200, threads: 9, started_ticks: 1234, resident_pages: 512 };
        assert_eq!(Stat::of(line), Some(stat));
        assert_eq!(Stat::of("7 (a) S 1"), None);
    }

    #[test]
    fn this_process_is_told_of() {
        let handle = metrics::install().unwrap();
        begin();
        let text = handle.render();
        let value = |name: &str| -> f64 {
            let line = text.lines().find(|line| line.starts_with(&format!("{name} ")));
            line.and_then(|line| line.rsplit_once(' ')?.1.parse().ok()).unwrap_or_else(|| panic!("{name}: {text}"))
        };
        assert!(value("process_resident_memory_bytes") > 1e6);
        assert!(value("process_open_fds") >= 3.0 && value("process_max_fds") >= value("process_open_fds"));
        assert!(value("process_start_time_seconds") > 1.6e9);
        assert!(value("process_threads") >= 1.0);
    }
}

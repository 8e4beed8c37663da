//! A panel in the words of its users: prescribers by months, a speaker programme, new prescriptions.
//!
//! The law of month `t` and prescriber `i`, with `v` the interest in the therapy (not in the table):
//!
//! - who joins, and when: the chance grows with `v`, with the specialty's focus and with the size of the
//!   practice, so that those who join prescribe more beforehand (confounding by level);
//! - `new_prescriptions = level_i + trend_t + season_t + region's trend + effect + error`, an AR(0.5) error,
//!   rounded to whole prescriptions and not below zero;
//! - the effect grows over three months to its full size and is larger for specialists, so that
//!   two-way fixed effects mislead where group-time effects do not.
//!
//! The trends are parallel given the prescriber: the region's own trend is the same for all who could join.
//! Everything is invented; the table says so in the column `data_origin`.

use super::{Source, logistic};

/// Regions of the panel.
const REGIONS: [&str; 6] = ["North", "East", "South", "West", "Central", "Coast"];

/// Specialties with their focus on the therapy.
const SPECIALTIES: [(&str, f64); 4] =
    [("Cardiology", 1.0), ("Internal medicine", 0.3), ("General practice", 0.0), ("Endocrinology", 0.6)];

/// Months before the first programme and between programmes, as positions of their starts.
const STARTS: [usize; 3] = [8, 12, 16];

/// The panel, one row per prescriber and month, and the truth behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Prescribers {
    /// Identifier, as in `P00042`.
    pub prescriber: Vec<String>,
    /// ISO month, from 2023-01 on.
    pub month: Vec<String>,
    /// Region, fixed over time.
    pub region: Vec<String>,
    /// Specialty, fixed over time.
    pub specialty: Vec<String>,
    /// Patients of the practice, fixed over time.
    pub practice_size: Vec<f64>,
    /// Sales calls in the month.
    pub sales_calls: Vec<f64>,
    /// First month of the speaker programme for this prescriber; `None` for those who never join.
    pub programme_start: Vec<Option<String>>,
    /// New prescriptions in the month.
    pub new_prescriptions: Vec<f64>,
    /// `synthetic` in every row, so that nobody takes the table for real.
    pub data_origin: Vec<String>,
    /// What the programme added to each row, before rounding to whole prescriptions; the truth, not in the table.
    pub effect: Vec<f64>,
    /// The mean effect over treated rows, before rounding to whole prescriptions.
    pub true_effect: f64,
    /// The mean effect by months since the start.
    pub true_effect_by_event_time: Vec<f64>,
}

/// One prescriber.
struct Prescriber {
    region: usize,
    specialty: usize,
    practice_size: f64,
    level: f64,
    start: Option<usize>,
}

/// Draws a panel of prescribers over months (24 in the demonstration).
#[must_use]
pub fn prescribers(count: usize, months: usize, seed: u64) -> Prescribers {
    let mut source = Source::new(seed, 4);
    let region_level: Vec<f64> = REGIONS.iter().map(|_| source.normal()).collect();
    let months: Vec<String> = (0..months).map(|month| format!("{}-{:02}", 2023 + month / 12, month % 12 + 1)).collect();
    let mut panel = empty(count * months.len());
    let (mut effects, mut treated) = (vec![0.0; months.len()], vec![0.0; months.len()]);
    for index in 0..count {
        let person = draw(&mut source, &region_level, months.len());
        let mut error = source.normal();
        for (position, month) in months.iter().enumerate() {
            error = 0.5 * error + 1.2 * source.normal();
            let effect = effect(&person, position);
            if let Some(since) = person.start.and_then(|start| position.checked_sub(start)) {
                effects[since] += effect;
                treated[since] += 1.0;
            }
            let calls = (1.5 + 0.4 * person.level / 4.0 + source.normal()).round().max(0.0);
            let common = 0.12 * position as f64 + (position as f64 * std::f64::consts::PI / 6.0).sin();
            let outcome = (person.level + common + 0.3 * calls + effect + error).round().max(0.0);
            panel.prescriber.push(format!("P{:05}", index + 1));
            panel.month.push(month.clone());
            panel.region.push(REGIONS[person.region].into());
            panel.specialty.push(SPECIALTIES[person.specialty].0.into());
            panel.practice_size.push(person.practice_size);
            panel.sales_calls.push(calls);
            panel.programme_start.push(person.start.map(|start| months[start].clone()));
            panel.new_prescriptions.push(outcome);
            panel.data_origin.push("synthetic".into());
            panel.effect.push(effect);
        }
    }
    panel.true_effect = effects.iter().sum::<f64>() / treated.iter().sum::<f64>().max(1.0);
    let by_time = effects.iter().zip(&treated).filter(|(_, rows)| **rows > 0.0);
    panel.true_effect_by_event_time = by_time.map(|(sum, rows)| sum / rows).collect();
    panel
}

fn empty(rows: usize) -> Prescribers {
    Prescribers {
        prescriber: Vec::with_capacity(rows),
        month: Vec::with_capacity(rows),
        region: Vec::with_capacity(rows),
        specialty: Vec::with_capacity(rows),
        practice_size: Vec::with_capacity(rows),
        sales_calls: Vec::with_capacity(rows),
        programme_start: Vec::with_capacity(rows),
        new_prescriptions: Vec::with_capacity(rows),
        data_origin: Vec::with_capacity(rows),
        effect: Vec::with_capacity(rows),
        true_effect: 0.0,
        true_effect_by_event_time: Vec::new(),
    }
}

fn draw(source: &mut Source, region_level: &[f64], months: usize) -> Prescriber {
    let region = pick(source, REGIONS.len());
    let specialty = pick(source, SPECIALTIES.len());
    let focus = SPECIALTIES[specialty].1;
    let interest = source.normal();
    let practice_size = (800.0 * (0.4 * source.normal()).exp()).round();
    let size = (practice_size / 800.0).ln() / 0.4;
    let level = 14.0 + region_level[region] + 2.0 * size + 3.0 * focus + 2.0 * interest;
    let joins = source.uniform() < logistic(-0.9 + 0.9 * interest + 0.5 * size + 0.8 * focus);
    let start = STARTS[pick(source, STARTS.len())];
    Prescriber { region, specialty, practice_size, level, start: (joins && start < months).then_some(start) }
}

/// One of `count` positions, each as likely.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small count")]
fn pick(source: &mut Source, count: usize) -> usize {
    ((source.uniform() * count as f64) as usize).min(count - 1)
}

/// Additional prescriptions through the programme.
fn effect(person: &Prescriber, month: usize) -> f64 {
    let Some(since) = person.start.and_then(|start| month.checked_sub(start)) else { return 0.0 };
    let full = 2.0 + 1.5 * SPECIALTIES[person.specialty].1;
    full * ((since + 1) as f64 / 3.0).min(1.0)
}

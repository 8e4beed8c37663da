//! The four simulations, for anything that can be changed and estimated again: samples and panels.

use rayon::prelude::*;

use super::budget::{Affordable, AgainPlan};
use super::units::Units;
use super::verdict::{Context, Simulated};
use super::weights::LEFT_OUT;
use super::{Original, Refutation, Refuter};
use crate::random::{Purpose, stream, unit_interval};

/// Above this many rows simulations run one after the other, so that memory holds a few copies only;
/// estimators of so many rows use the threads themselves.
const SIDE_BY_SIDE: usize = 200_000;

/// Data that refuters change.
pub(crate) trait Subject: Sized + Sync {
    /// Rows.
    fn rows(&self) -> usize;
    /// What can be left out.
    fn units(&self) -> Units;
    /// Only the units kept.
    fn part(&self, kept: &[bool]) -> Result<Self, String>;
    /// The treatment permuted.
    fn placebo(&self, seed: u64, simulation: usize) -> Self;
    /// What is permuted, in words.
    fn placebo_method(&self) -> &'static str;
    /// One more covariate, of noise.
    fn with_noise(&self, seed: u64, simulation: usize) -> Result<Self, String>;
}

/// An estimate from data and seed.
pub(crate) type Estimate<'a, S> = &'a (dyn Fn(&S, u64) -> Result<f64, String> + Sync);

/// What every simulation needs.
struct Run<'a, S> {
    subject: &'a S,
    estimate: Estimate<'a, S>,
    units: Units,
    plan: &'a AgainPlan,
}

/// Puts the estimate to each refuter.
pub(crate) fn refute<S: Subject>(
    subject: &S,
    estimate: Estimate<'_, S>,
    original: &Original,
    refuters: &[Refuter],
    plan: &AgainPlan,
) -> Vec<Refutation> {
    let run = Run { subject, estimate, units: subject.units(), plan };
    let context = |refuter: Refuter, affordable: Affordable| Context {
        refuter,
        original,
        plan,
        affordable,
        rows: subject.rows(),
        unit: run.units.word,
        by: run.units.by,
        placebo_method: subject.placebo_method(),
    };
    refuters
        .iter()
        .map(|&refuter| {
            let affordable = run.affordable(refuter);
            let simulated = match refuter {
                Refuter::PlaceboTreatment => run.placebos(affordable),
                _ => run.paired(refuter, affordable),
            };
            context(refuter, affordable).report(&simulated)
        })
        .collect()
}

impl<S: Subject> Run<'_, S> {
    /// A baseline is estimated unless the original itself is one.
    fn affordable(&self, refuter: Refuter) -> Affordable {
        let rows = self.subject.rows();
        let baseline = match refuter {
            Refuter::PlaceboTreatment | Refuter::Bootstrap => false,
            Refuter::RandomCommonCause => true,
            Refuter::DataSubset => self.plan.affordable(rows, false).rows < rows,
        };
        self.plan.affordable(rows, baseline)
    }

    fn share(&self, affordable: Affordable) -> f64 {
        affordable.rows as f64 / self.subject.rows() as f64
    }

    fn subsample(&self, affordable: Affordable, purpose: Purpose, simulation: usize) -> Result<S, String> {
        let mut generator = stream(self.plan.seed, purpose, simulation);
        self.subject.part(&self.units.draw(self.share(affordable), &mut generator))
    }

    /// Seed of a simulation that is compared with no other.
    fn own_seed(&self, simulation: usize) -> u64 {
        self.plan.seed.wrapping_add(1 + simulation as u64)
    }

    fn placebos(&self, affordable: Affordable) -> Simulated {
        let all = affordable.rows == self.subject.rows();
        let values = simulate(affordable, |simulation| {
            let drawn = if all { None } else { Some(self.subsample(affordable, Purpose::Subsample, simulation)?) };
            let placebo = drawn.as_ref().unwrap_or(self.subject).placebo(self.plan.seed, simulation);
            (self.estimate)(&placebo, self.own_seed(simulation))
        });
        Simulated { values, baseline: None, drawn_share: 1.0 }
    }

    fn paired(&self, refuter: Refuter, affordable: Affordable) -> Simulated {
        let all = affordable.rows == self.subject.rows();
        let drawn = if all { Ok(None) } else { self.subsample(affordable, Purpose::FixedSubsample, 0).map(Some) };
        let drawn = match drawn {
            Ok(drawn) => drawn,
            Err(reason) => return Simulated::failed(affordable, &reason),
        };
        let base = drawn.as_ref().unwrap_or(self.subject);
        let needed = match refuter {
            Refuter::RandomCommonCause => true,
            Refuter::DataSubset => !all,
            _ => false,
        };
        let baseline = match needed.then(|| (self.estimate)(base, self.plan.seed)).transpose() {
            Ok(baseline) => baseline,
            Err(reason) => return Simulated::failed(affordable, &reason),
        };
        let units = base.units();
        let seed = self.plan.seed;
        let values = simulate(affordable, |simulation| match refuter {
            Refuter::DataSubset => {
                let mut generator = stream(seed, Purpose::Subset, simulation);
                let kept: Vec<bool> = (0..units.count()).map(|_| unit_interval(&mut generator) >= LEFT_OUT).collect();
                (self.estimate)(&base.part(&kept)?, self.own_seed(simulation))
            }
            Refuter::Bootstrap => {
                let kept = units.draw(0.5, &mut stream(seed, Purpose::HalfSample, simulation));
                let rest: Vec<bool> = kept.iter().map(|kept| !kept).collect();
                let half = |kept: &[bool]| (self.estimate)(&base.part(kept)?, self.own_seed(simulation));
                Ok((half(&kept)? - half(&rest)?) / 2.0)
            }
            _ => (self.estimate)(&base.with_noise(seed, simulation)?, seed),
        });
        let drawn_share = match refuter {
            Refuter::DataSubset => 1.0 - LEFT_OUT,
            Refuter::Bootstrap => 0.5,
            _ => 1.0,
        };
        // Half the difference of two halves is a deviation, not an estimate: it is around zero.
        let baseline = if refuter == Refuter::Bootstrap { Some(0.0) } else { baseline };
        Simulated { values, baseline, drawn_share }
    }
}

fn simulate(
    affordable: Affordable,
    one: impl Fn(usize) -> Result<f64, String> + Sync + Send,
) -> Vec<Result<f64, String>> {
    if affordable.rows > SIDE_BY_SIDE {
        return (0..affordable.simulations).map(one).collect();
    }
    (0..affordable.simulations).into_par_iter().map(one).collect()
}

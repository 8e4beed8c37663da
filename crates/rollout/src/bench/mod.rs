//! `make bench-deploy`: how soon a push is live, how soon it is back, what that costs, and the same with plain
//! `docker compose up --detach --build`. The last line is JSON.

mod builds;
mod deployer;
mod plain;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::rig::RigOptions;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Options {
    /// How the rigs are made.
    pub rig: RigOptions,
    /// What of it.
    pub part: Part,
}

/// What of the measuring is done; the figures of several runs make the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Everything: about an hour.
    #[default]
    All,
    /// What needs no build from sources.
    Pulled,
    /// Releases built from sources alone.
    Built,
}

/// The figures so far; each is said as it comes.
#[derive(Default)]
struct Sheet(Map<String, Value>);

impl Sheet {
    fn put(&mut self, name: &str, value: f64) {
        println!("bench-deploy  {name:<34} {value:.2}");
        self.0.insert(name.to_owned(), json!((value * 1000.0).round() / 1000.0));
    }

    fn put_all(&mut self, of: BTreeMap<&'static str, f64>) {
        for (name, value) in of {
            self.put(name, value);
        }
    }
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Measures, and prints the figures.
///
/// # Errors
/// When something does not come up, or a release does not go live.
pub async fn bench(options: &Options) -> anyhow::Result<()> {
    let mut sheet = Sheet::default();
    sheet.0.insert("bench".to_owned(), json!("deploy"));
    sheet.put("requests_per_s", f64::from(options.rig.plan.per_second));
    if options.part != Part::Built {
        sheet.put_all(plain::measure(&options.rig).await?);
    }
    sheet.put_all(deployer::measure(options).await?);
    println!("{}", Value::Object(sheet.0));
    Ok(())
}

//! Figures of the benches and what is aimed at.

mod health;
mod red_flags;
mod releases;
mod services;
mod stack;
mod web_app;

use anyhow::Context;
use serde_json::Value;

use self::health::HEALTH;
use self::red_flags::RED_FLAGS;
use self::releases::RELEASES;
use self::services::SERVICES;
use self::stack::STACK;
use self::web_app::WEB_APP;
use super::Row;

/// What a figure should be.
enum Aim {
    Below(f64),
    AtLeast(f64),
    AtMost(f64),
    /// So near to a truth that is known.
    Near {
        truth: f64,
        within: f64,
    },
    /// Told, not judged.
    None,
}

struct Figure {
    /// The bench's name in its JSON.
    bench: &'static str,
    key: &'static str,
    claim: &'static str,
    unit: &'static str,
    aim: Aim,
    command: &'static str,
}

const CAUSAL: &str = "PEERS=1 make bench-causal";
const MAIN_JOB: &str = "make bench-main-job";

const FIGURES: &[Figure] = &[
    Figure {
        bench: "causal",
        key: "ols_refuters_s",
        claim: "regression and five refuters of 100 simulations, 100,000 rows by 20 covariates",
        unit: "s",
        aim: Aim::None,
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "ols_refuters_ratio_dowhy",
        claim: "how many times faster than DoWhy 0.14 on the same file in the same run",
        unit: "times",
        aim: Aim::AtLeast(60.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "peak_mib",
        claim: "peak memory of that run",
        unit: "MiB",
        aim: Aim::None,
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "aipw_linear_times_faster_than_doubleml",
        claim: "AIPW with linear models, 5 folds, the same rows: how many times faster than DoubleML 0.11.4",
        unit: "times",
        aim: Aim::AtLeast(3.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "aipw_boosted_times_faster_than_doubleml",
        claim: "AIPW with boosted trees, 5 folds, the same rows: how many times faster than DoubleML with LightGBM",
        unit: "times",
        aim: Aim::AtLeast(3.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "aipw_boosted_share_of_doubleml_memory",
        claim: "its peak memory as a share of DoubleML's with LightGBM",
        unit: "of it",
        aim: Aim::Below(0.3334),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "twfe_ratio_linearmodels",
        claim: "two-way fixed effects, clustered, 100,000 rows: how many times faster than linearmodels 7.1",
        unit: "times",
        aim: Aim::AtLeast(3.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "twfe_ratio_pyfixest",
        claim: "the same: how many times faster than pyfixest 0.60",
        unit: "times",
        aim: Aim::AtLeast(10.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "matching_log_odds_s",
        claim: "matching 1:3 of 10,000 in 100,000 rows on the propensity, its model included",
        unit: "s",
        aim: Aim::Below(2.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "matching_mahalanobis_s",
        claim: "the same by Mahalanobis' distance in 20 dimensions, exact, bias corrected",
        unit: "s",
        aim: Aim::Below(2.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "ols_growth_exponent",
        claim: "regression: exponent of seconds in rows, 10,000 to 1,000,000",
        unit: "",
        aim: Aim::Below(1.3),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "aipw_linear_growth_exponent",
        claim: "the same of AIPW with linear models",
        unit: "",
        aim: Aim::Below(1.3),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "ipw_growth_exponent",
        claim: "the same of weighting",
        unit: "",
        aim: Aim::Below(1.3),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "matching_log_odds_growth_exponent",
        claim: "the same of matching on the propensity",
        unit: "",
        aim: Aim::Below(1.3),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "twfe_growth_exponent",
        claim: "the same of two-way fixed effects",
        unit: "",
        aim: Aim::Below(1.3),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "ols_1m_peak_times_data",
        claim: "regression at 1,000,000 rows: peak memory in multiples of the data (rows x 22 columns x 8 bytes)",
        unit: "times",
        aim: Aim::Below(3.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "aipw_linear_1m_peak_times_data",
        claim: "the same of AIPW with linear models",
        unit: "times",
        aim: Aim::Below(3.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "ipw_1m_peak_times_data",
        claim: "the same of weighting",
        unit: "times",
        aim: Aim::Below(3.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "matching_log_odds_1m_peak_times_data",
        claim: "the same of matching on the propensity",
        unit: "times",
        aim: Aim::Below(3.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "twfe_1m_peak_times_data",
        claim: "the same of two-way fixed effects (rows x 4 columns x 8 bytes)",
        unit: "times",
        aim: Aim::Below(3.0),
        command: CAUSAL,
    },
    Figure {
        bench: "causal",
        key: "aipw_boosted_estimate",
        claim: "AIPW boosted, 5 folds, obs law of 100,000 rows: the estimate, within one standard error of the truth",
        unit: "",
        aim: Aim::Near { truth: 2.0, within: 0.0083 },
        command: CAUSAL,
    },
    Figure {
        bench: "main_job",
        key: "upload_to_result_s",
        claim: "NSW file, from the first byte of the upload to the result, warm platform (median)",
        unit: "s",
        aim: Aim::Below(1.5),
        command: MAIN_JOB,
    },
    Figure {
        bench: "main_job",
        key: "warm_start_s",
        claim: "`e2i up` with data there, until every service is ready (median)",
        unit: "s",
        aim: Aim::Below(5.0),
        command: MAIN_JOB,
    },
    Figure {
        bench: "main_job",
        key: "first_start_s",
        claim: "`e2i up` for the first time, Postgres and Redis installed",
        unit: "s",
        aim: Aim::None,
        command: MAIN_JOB,
    },
];

/// The rows of one bench, from its last line.
pub(super) fn rows(text: &str) -> anyhow::Result<Vec<Row>> {
    let last = text.lines().rfind(|line| !line.trim().is_empty()).context("it is empty")?;
    let printed: Value = serde_json::from_str(last).context("its last line is no JSON")?;
    let bench = printed["bench"].as_str().context("its last line names no `bench`")?;
    Ok(FIGURES
        .iter()
        .chain(RED_FLAGS)
        .chain(SERVICES)
        .chain(WEB_APP)
        .chain(STACK)
        .chain(RELEASES)
        .chain(HEALTH)
        .filter(|figure| figure.bench == bench)
        .map(|figure| row(figure, printed[figure.key].as_f64()))
        .collect())
}

fn row(figure: &Figure, value: Option<f64>) -> Row {
    let (expected, holds) = match figure.aim {
        Aim::Below(limit) => {
            (format!("below {limit} {}", figure.unit).trim_end().to_owned(), value.is_some_and(|value| value < limit))
        }
        Aim::AtLeast(limit) => (format!("at least {limit} {}", figure.unit), value.is_some_and(|value| value >= limit)),
        Aim::AtMost(limit) => (format!("at most {limit} {}", figure.unit), value.is_some_and(|value| value <= limit)),
        Aim::Near { truth, within } => {
            (format!("{truth}, give or take {within}"), value.is_some_and(|value| (value - truth).abs() <= within))
        }
        Aim::None => ("-".to_owned(), value.is_some()),
    };
    let figure_text = value.map(|value| format!("{value} {}", figure.unit).trim_end().to_owned());
    Row { claim: figure.claim.to_owned(), expected, figure: figure_text, holds, command: figure.command }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_was_not_measured_does_not_hold() {
        let rows = rows("noise\n{\"bench\":\"causal\",\"ols_refuters_s\":0.2}\n").unwrap();
        assert_eq!(rows.len(), FIGURES.iter().filter(|figure| figure.bench == "causal").count());
        assert_eq!((rows[0].figure.as_deref(), rows[0].holds), (Some("0.2 s"), true));
        assert_eq!((rows[1].figure.as_deref(), rows[1].holds), (None, false));
    }

    #[test]
    fn an_aim_that_is_missed_is_said() {
        let rows = rows("{\"bench\":\"main_job\",\"upload_to_result_s\":1.6,\"warm_start_s\":4.9}").unwrap();
        assert_eq!(rows.iter().map(|row| row.holds).collect::<Vec<_>>(), [false, true, false]);
    }
}

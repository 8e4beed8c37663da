//! Red flags: how often they are raised where all is well, and where it is not.

use super::{Aim, Figure};

const COMMAND: &str = "make red-flags";

/// Shares of analyses with any red flag.
pub(super) const RED_FLAGS: &[Figure] = &[
    Figure {
        bench: "red_flags",
        key: "sound_observational_2000_flagged_share",
        claim: "share with a red flag: sound observational data, 2,000 rows, five covariates, a negative control",
        unit: "of the analyses",
        aim: Aim::AtMost(0.05),
        command: COMMAND,
    },
    Figure {
        bench: "red_flags",
        key: "sound_observational_400_flagged_share",
        claim: "share with a red flag: sound observational data, 400 rows",
        unit: "of the analyses",
        aim: Aim::AtMost(0.05),
        command: COMMAND,
    },
    Figure {
        bench: "red_flags",
        key: "sound_experiment_500_flagged_share",
        claim: "share with a red flag: sound experiment, 500 rows, a baseline and a planned split",
        unit: "of the analyses",
        aim: Aim::AtMost(0.05),
        command: COMMAND,
    },
    Figure {
        bench: "red_flags",
        key: "sound_panel_200_units_flagged_share",
        claim: "share with a red flag: sound panel, 200 units by 10 periods, staggered starts",
        unit: "of the analyses",
        aim: Aim::AtMost(0.05),
        command: COMMAND,
    },
    Figure {
        bench: "red_flags",
        key: "hidden_confounder_2000_flagged_share",
        claim: "share with a red flag: a hidden confounder, seen by the negative control, 2,000 rows",
        unit: "of the analyses",
        aim: Aim::AtLeast(0.95),
        command: COMMAND,
    },
    Figure {
        bench: "red_flags",
        key: "obs_10000_flagged_share",
        claim: "share with a red flag: a linear model that does not fit (synthetic obs law, 10,000 rows)",
        unit: "of the analyses",
        aim: Aim::AtLeast(0.95),
        command: COMMAND,
    },
    Figure {
        bench: "red_flags",
        key: "parting_trends_200_units_flagged_share",
        claim: "share with a red flag: a panel whose trends part before the start",
        unit: "of the analyses",
        aim: Aim::AtLeast(0.95),
        command: COMMAND,
    },
    Figure {
        bench: "red_flags",
        key: "nsw_cps_flagged_share",
        claim: "share with a red flag: NSW treated with CPS-1 (one analysis)",
        unit: "of the analyses",
        aim: Aim::AtLeast(0.95),
        command: COMMAND,
    },
];

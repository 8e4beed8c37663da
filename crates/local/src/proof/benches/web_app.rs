//! The web app, as built and served.

use super::{Aim, Figure};

const COMMAND: &str = "make bench-frontend";

/// Its figures.
pub(super) const WEB_APP: &[Figure] = &[
    Figure {
        bench: "frontend",
        key: "first_load_js_kb",
        claim: "JavaScript of the first page that a visitor loads (sign-in), compressed",
        unit: "kB",
        aim: Aim::AtMost(250.0),
        command: COMMAND,
    },
    Figure {
        bench: "frontend",
        key: "overview_js_kb",
        claim: "the same of the overview, for who is signed in; charts come with the first chart",
        unit: "kB",
        aim: Aim::AtMost(250.0),
        command: COMMAND,
    },
    Figure {
        bench: "frontend",
        key: "lighthouse_performance",
        claim: "Lighthouse 12, mobile, median of 5 runs, the worse of sign-in page and overview: performance",
        unit: "of 100",
        aim: Aim::AtLeast(95.0),
        command: COMMAND,
    },
    Figure {
        bench: "frontend",
        key: "lighthouse_accessibility",
        claim: "the same: accessibility",
        unit: "of 100",
        aim: Aim::AtLeast(100.0),
        command: COMMAND,
    },
    Figure {
        bench: "frontend",
        key: "lighthouse_best_practices",
        claim: "the same: best practices",
        unit: "of 100",
        aim: Aim::AtLeast(100.0),
        command: COMMAND,
    },
    Figure {
        bench: "frontend",
        key: "list_longest_task_ms",
        claim: "a list of 10,000 analyses scrolled to its end: longest stretch without an answer to the user",
        unit: "ms",
        aim: Aim::AtMost(200.0),
        command: COMMAND,
    },
    Figure {
        bench: "frontend",
        key: "plot_longest_task_ms",
        claim: "a plot of 5,000 points zoomed and moved: the same (0: none above 50 ms, which a browser tells of)",
        unit: "ms",
        aim: Aim::AtMost(200.0),
        command: COMMAND,
    },
];

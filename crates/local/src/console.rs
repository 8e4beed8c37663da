//! What a person at the terminal reads.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;

use crate::platform::Sink;

const WIDTH: usize = 8;

/// Prints a line. A closed pipe (`| head`) is no panic.
pub fn say(line: &str) {
    let _closed_pipe = writeln!(std::io::stdout(), "{line}");
}

/// Prints the services' lines, each with the service's name before it, in colour on a terminal.
#[must_use]
pub fn prefixed() -> Sink {
    let colours = std::io::stdout().is_terminal();
    Arc::new(move |service, line| {
        if colours {
            say(&format!("\u{1b}[{}m{service:<WIDTH$} |\u{1b}[0m {line}", colour(service)));
        } else {
            say(&format!("{service:<WIDTH$} | {line}"));
        }
    })
}

/// One of the six plain colours, the same for a name each time.
fn colour(service: &str) -> u32 {
    31 + service.bytes().fold(0, |sum, byte| sum + u32::from(byte)) % 6
}

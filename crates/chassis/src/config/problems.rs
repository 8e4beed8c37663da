//! What was wrong with the configuration, all of it.

use std::fmt;

/// The exit code of a service whose configuration is wrong (`EX_CONFIG` of sysexits.h).
pub const EXIT_CODE: u8 = 78;

/// One variable that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The variable's name.
    pub name: String,
    /// What is wrong, with the value unless it is a secret, and what to do.
    pub message: String,
}

/// Every variable that cannot be used; a service that meets this exits with [`EXIT_CODE`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblems(pub Vec<ConfigProblem>);

impl fmt::Display for ConfigProblems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "" } else { "s" };
        write!(formatter, "{} problem{plural} in the configuration:", self.0.len())?;
        for problem in &self.0 {
            write!(formatter, "\n  {}: {}", problem.name, problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigProblems {}

//! Why a recipe did not give a table.

use domain::agents::ParameterProblem;

use crate::objects::ObjectError;
use crate::panel::PanelError;
use crate::read::ReadError;
use crate::upload::UploadError;

/// Why a recipe did not give a table. Nothing is stored then.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    /// The rows cannot be used so: for whoever wrote the recipe. Pointers are into it.
    #[error("{}", in_words(.0))]
    Refused(Vec<ParameterProblem>),
    /// The source cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What was made could not be stored.
    #[error(transparent)]
    Store(#[from] ObjectError),
    /// A defect of ours.
    #[error("{0}")]
    Internal(String),
}

impl RecipeError {
    /// Whether trying again later can help.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Read(error) => error.is_transient(),
            Self::Store(error) => matches!(error, ObjectError::Io { .. } | ObjectError::Store { .. }),
            Self::Refused(_) | Self::Internal(_) => false,
        }
    }

    /// One problem at one place of the recipe.
    pub(super) fn at(pointer: &str, detail: impl Into<String>) -> Self {
        Self::Refused(vec![ParameterProblem::new(pointer, detail)])
    }

    /// What is wrong with a panel, at the step that wants one.
    pub(super) fn of_panel(pointer: &str, error: PanelError) -> Self {
        match error {
            PanelError::Read(error) => Self::Read(error),
            PanelError::Gap { .. } => Self::at(pointer, format!("{error}, or set `gaps` to `allow`")),
            error => Self::at(pointer, error.to_string()),
        }
    }
}

impl From<UploadError> for RecipeError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Store(error) => Self::Store(error),
            UploadError::Refused(problem) => Self::at("/steps", format!("what they make is no table: {problem}")),
            UploadError::Unreadable(_) | UploadError::Interrupted(_) | UploadError::Internal(_) => {
                Self::Internal(error.to_string())
            }
        }
    }
}

fn in_words(problems: &[ParameterProblem]) -> String {
    let told: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.pointer, problem.detail)).collect();
    told.join("; ")
}

//! `profile`: what stands in each column of a dataset, computed by `tables::profile`.

use domain::agents::profile::{ProfileParameters, ProfileTable};
use domain::dataset::Profile;
use tables::profile::profile;
use tables::read::ReadError;

use crate::{AgentError, Compute, Input, Progress};

impl Compute for ProfileTable {
    fn compute(
        _parameters: &ProfileParameters,
        input: &Input,
        progress: &mut dyn Progress,
    ) -> Result<Profile, AgentError> {
        let table = input.table()?;
        let columns = table.schema.columns.len();
        let step = format!("reading {} rows of {columns} columns", table.schema.rows);
        profile(&input.objects, table, &mut |done| progress.report(done, &step)).map_err(explain)
    }
}

/// The file was found good when it was uploaded: what is wrong with it now is no fault of the analyst, unless he can
/// upload it again.
fn explain(error: ReadError) -> AgentError {
    match error {
        error if error.is_transient() => AgentError::Unavailable(error.to_string()),
        ReadError::Changed(_) | ReadError::TooMuchText { .. } => AgentError::User(error.to_string()),
        error => AgentError::Internal(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::dataset::StoredTable;
    use serde_json::json;
    use tables::objects::Objects;
    use tables::upload::{Limits, check};

    #[derive(Default)]
    struct Told(Vec<(f64, String)>);

    impl Progress for Told {
        fn report(&mut self, fraction: f64, step: &str) {
            self.0.push((fraction, step.to_owned()));
        }
    }

    const FILE: &[u8] = b"sales,region\n1,north\n2,south\n6,north\n";

    fn input(folder: &tempfile::TempDir) -> Input {
        std::fs::write(folder.path().join("table"), FILE).unwrap();
        let schema = check(FILE, None, &Limits::default()).unwrap();
        let objects = Objects::open(folder.path().to_str().unwrap()).unwrap();
        Input { table: Some(StoredTable { object_key: "table".to_owned(), schema }), objects, output_key: None }
    }

    #[test]
    fn a_stored_table_is_profiled_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let mut told = Told::default();
        let result = crate::run("profile", json!({}), &input(&folder), &mut told).unwrap();
        assert_eq!(result["rows"], 3);
        assert_eq!(result["columns"][0]["numeric"]["mean"], 3.0);
        assert_eq!(result["columns"][1]["top_values"][0], json!({"value": "north", "count": 2}));
        assert_eq!(told.0.last(), Some(&(1.0, "reading 3 rows of 2 columns".to_owned())));
    }

    #[test]
    fn what_fails_says_whether_to_try_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut input = input(&folder);
        let run = |input: &Input| crate::run("profile", json!({}), input, &mut Told::default()).unwrap_err();
        std::fs::write(folder.path().join("table"), b"sales,region\n1,north\n").unwrap();
        let changed = run(&input);
        assert!(matches!(&changed, AgentError::User(detail) if detail.contains("1 rows instead of 3")), "{changed}");
        std::fs::remove_file(folder.path().join("table")).unwrap();
        assert!(matches!(run(&input), AgentError::Internal(_)));
        input.table = None;
        assert!(matches!(run(&input), AgentError::User(_)));
    }
}

//! Files put into a store as an upload does it, and agents run on them as a worker's child does it.

use std::io::Read;
use std::path::Path;

use agents::{AgentError, Input, Progress};
use bytes::Bytes;
use domain::agents::ParameterProblem;
use domain::dataset::{StoredTable, TableSchema};
use serde_json::Value;
use tables::objects::Objects;
use tables::upload::{Limits, receive};

/// A published file of `testdata/`, unpacked.
pub(crate) fn published(file: &str) -> String {
    let path = Path::new("../../testdata").join(file);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if Path::new(file).extension().is_none_or(|extension| extension != "gz") {
        return String::from_utf8(bytes).unwrap();
    }
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    text
}

/// The treated of the NSW beside the CPS comparison group.
pub(crate) fn nsw_with_cps() -> String {
    let (experiment, comparison) = (published("nsw.csv"), published("cps_controls.csv.gz"));
    let treated = experiment.lines().filter(|line| line.split(',').nth(1) != Some("0"));
    treated.chain(comparison.lines().skip(1)).flat_map(|line| [line, "\n"]).collect()
}

/// A stored table and what to run on it.
pub(crate) struct Stored {
    input: Input,
    _folder: tempfile::TempDir,
}

/// What an agent said on its way.
#[derive(Debug, Default)]
pub(crate) struct Steps(pub(crate) Vec<(f64, String)>);

impl Progress for Steps {
    fn report(&mut self, fraction: f64, step: &str) {
        self.0.push((fraction, step.to_owned()));
    }
}

impl Stored {
    pub(crate) fn new(text: &str) -> Self {
        Self::of(text.as_bytes())
    }

    /// Of any file that can be uploaded.
    pub(crate) fn of(file: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::open(folder.path().to_str().unwrap()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let piece = Ok::<_, std::io::Error>(Bytes::copy_from_slice(file));
        let stream = futures::stream::iter([piece]);
        let received = runtime.block_on(receive(&objects, "table", stream, None, &Limits::default())).unwrap();
        let table = StoredTable { object_key: "table".into(), schema: received.schema };
        let output_key = Some("made".to_owned());
        Self { input: Input { table: Some(table), objects, output_key }, _folder: folder }
    }

    pub(crate) fn schema(&self) -> &TableSchema {
        &self.input.table.as_ref().unwrap().schema
    }

    /// What the gateway does: checks the parameters and fills in the defaults.
    pub(crate) fn check(&self, agent: &str, parameters: &Value) -> Result<Value, Vec<ParameterProblem>> {
        let agent = domain::agents::find(agent).unwrap();
        (agent.check)(parameters, self.input.table.as_ref().map(|table| &table.schema))
    }

    /// The table that `derive` made, to run agents on.
    pub(crate) fn made(mut self, derived: &Value) -> Self {
        let schema = serde_json::from_value(derived["schema"].clone()).unwrap();
        self.input.table = Some(StoredTable { object_key: "made".into(), schema });
        self
    }

    /// Checks, then computes.
    pub(crate) fn run(&self, agent: &str, parameters: &Value) -> Result<(Value, Steps), AgentError> {
        let parameters = self.check(agent, parameters).unwrap();
        let mut steps = Steps::default();
        let result = agents::run(agent, parameters, &self.input, &mut steps)?;
        Ok((result, steps))
    }
}

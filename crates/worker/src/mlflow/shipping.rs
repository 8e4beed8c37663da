//! One attempt becomes one run, whoever dies on the way.
//!
//! The run is created with the tags that name its attempt, so that whoever takes the row again finds it and goes on; what is
//! logged twice is the same and stays. Two who log at once (one was frozen beyond its lease) may make two runs: Postgres
//! keeps the first that is said to be done, and the other is deleted.

use store::Store;
use store::mlflow_runs::{RunId, RunToLog};

use super::client::{CallError, Client, Run};
use super::run::RunContent;

/// Logs it; the outer error is the database's.
pub(super) async fn ship(store: &Store, client: &Client, run: &RunToLog) -> store::Result<Result<(), CallError>> {
    let content = RunContent::of(run);
    let (experiment, logged) = match log(client, run, &content).await {
        Ok(logged) => logged,
        Err(error) => return Ok(Err(error)),
    };
    let id = RunId { experiment, run: logged.info.run_id.clone() };
    if store.run_logged(&run.taken, &id).await? {
        return Ok(Ok(()));
    }
    tracing::warn!(job = %run.taken.job, run = id.run, "logged by another worker too, or deleted: this run is taken back");
    if let Err(error) = client.delete_run(&logged).await {
        tracing::error!(?error, run = id.run, "a run that is logged twice cannot be deleted");
    }
    Ok(Ok(()))
}

async fn log(client: &Client, run: &RunToLog, content: &RunContent) -> Result<(String, Run), CallError> {
    let experiment = client.experiment(&content.experiment).await?;
    // Taken before: it may have been created.
    let found = if run.taken.tries > 1 { client.find_run(&experiment, content.identity()).await? } else { None };
    let logged = match found {
        Some(found) => found,
        None => client.create_run(&experiment, &content.name, &content.user, content.start_ms, &content.tags).await?,
    };
    client.log(&logged, &content.params, &content.metrics, content.end_ms).await?;
    for file in &content.files {
        client.put_file(&logged, &file.path, file.content.clone()).await?;
    }
    client.end_run(&logged, content.status, content.end_ms).await?;
    Ok((experiment, logged))
}

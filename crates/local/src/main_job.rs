//! The main job, from a file to a causal effect: what the demo shows and the bench times.

use std::path::Path;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::client::{Client, Event, text};
use crate::running::Running;

/// The agent behind it.
const AGENT: &str = "causal_impact";

/// An analysis that has ended well.
pub struct Answer {
    /// The analysis.
    pub analysis: Value,
    /// Its result.
    pub result: Value,
}

/// What is asked of the NSW experiment (`LaLonde` 1986, the sample of Dehejia and Wahba 1999): did the training raise
/// earnings in 1978?
#[must_use]
pub fn nsw_question() -> Value {
    json!({
        "outcome": "re78",
        "treatment": "treat",
        "covariates": ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"],
        "squared": ["age"],
        "design": "randomised",
        "estimator": "difference_in_means",
    })
}

/// Signs in as the first admin of a running platform.
///
/// # Errors
/// When the password file cannot be read or the password has been changed since.
pub async fn sign_in(running: &Running) -> anyhow::Result<Client> {
    let file = &running.admin_password_file;
    let password = tokio::fs::read_to_string(file).await.with_context(|| format!("read {}", file.display()))?;
    let client = Client::new(&running.public_url)?;
    client.sign_in(&running.admin_email, password.trim()).await.with_context(|| {
        format!("sign in as {} with the password of {}; was it changed since?", running.admin_email, file.display())
    })
}

/// Uploads `file`, asks `question` of it, tells `hear` every event, gives the result.
///
/// # Errors
/// When a step is refused, or the analysis ends without a result.
pub async fn ask(
    client: &Client,
    name: &str,
    file: &Path,
    question: &Value,
    hear: impl FnMut(&Event),
) -> anyhow::Result<Answer> {
    let dataset = client.upload(name, file).await.with_context(|| format!("upload {}", file.display()))?;
    ask_of(client, &dataset, question, hear).await
}

/// [`ask`] of a dataset that is there already.
///
/// # Errors
/// When a step is refused, or the analysis ends without a result.
pub async fn ask_of(
    client: &Client,
    dataset: &Value,
    question: &Value,
    hear: impl FnMut(&Event),
) -> anyhow::Result<Answer> {
    let accepted = client.submit(AGENT, Some(text(dataset, "id")?), question).await.context("submit the analysis")?;
    let id = text(&accepted, "id")?;
    let analysis = client.follow(id, hear).await.context("follow the analysis")?;
    if analysis["state"] != "succeeded" {
        bail!("the analysis {id} {}: {}", analysis["state"], analysis["failure"]["detail"]);
    }
    let result = client.result(id).await.context("fetch the result")?;
    Ok(Answer { analysis, result })
}

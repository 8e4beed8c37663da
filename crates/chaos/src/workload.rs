//! The clients: they submit, cancel and try again by the plan, and remember what they were told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use local::client::{Client, Refusal, text};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::checker::Asked;
use crate::fleet::{ADMIN, Fleet};
use crate::plan::{Op, Question, Turn};

/// One request.
const PATIENCE: Duration = Duration::from_secs(5);
/// One operation with all its requests.
const IN_THE_END: Duration = Duration::from_mins(3);
const AGAIN_AFTER: Duration = Duration::from_millis(250);

/// The API as the clients reach it: over any gateway, signed in again when that is asked for.
pub struct Api {
    urls: Vec<String>,
    password: String,
    signed_in: Mutex<Vec<Option<Client>>>,
    dataset: String,
}

/// What a request came to.
enum Outcome {
    Answered(Value),
    /// Refused for good: the status says why.
    Refused(StatusCode),
    /// Nobody knows whether it was done.
    Unknown,
}

impl Api {
    /// Signs in and uploads the table of the analyses.
    ///
    /// # Errors
    /// When something is refused.
    pub async fn open(fleet: &Fleet, table: &std::path::Path) -> anyhow::Result<Arc<Self>> {
        let client = sign_in(&fleet.urls[0], &fleet.admin_password).await?;
        let dataset = client.upload("nsw", table).await?;
        Ok(Arc::new(Self {
            urls: fleet.urls.clone(),
            password: fleet.admin_password.clone(),
            signed_in: Mutex::new(vec![None; fleet.urls.len()]),
            dataset: text(&dataset, "id")?.to_owned(),
        }))
    }

    /// Asks each question once, of a platform that nothing is done to; gives the answers.
    ///
    /// # Errors
    /// When one is not answered.
    pub async fn expected(&self) -> anyhow::Result<BTreeMap<Question, Value>> {
        let mut expected = BTreeMap::new();
        for question in Question::ANSWERED {
            let key = format!("expected-{question:?}");
            let id = self.submit(&key, question, 10, 0).await?;
            let client = self.client(0).await?;
            let ended = tokio::time::timeout(Duration::from_mins(1), client.wait(&id.to_string())).await??;
            if ended["state"] != "succeeded" {
                bail!("{question:?} without any fault: {ended}");
            }
            expected.insert(question, client.result(&id.to_string()).await?);
        }
        Ok(expected)
    }

    async fn client(&self, gateway: usize) -> anyhow::Result<Client> {
        let nth = gateway % self.urls.len();
        // One at a time: signing in is limited, and once is enough.
        let mut signed_in = self.signed_in.lock().await;
        if let Some(client) = &signed_in[nth] {
            return Ok(client.clone());
        }
        let client = tokio::time::timeout(PATIENCE, sign_in(&self.urls[nth], &self.password)).await??;
        signed_in[nth] = Some(client.clone());
        Ok(client)
    }

    async fn post(&self, gateway: usize, path: &str, key: Option<&str>, body: &Value) -> Outcome {
        let Ok(client) = self.client(gateway).await else { return Outcome::Unknown };
        let mut request = client.request(Method::POST, path).json(body).timeout(PATIENCE);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = match client.send(request).await {
            Ok(response) => response.json().await.map_err(anyhow::Error::from),
            Err(error) => Err(error),
        };
        let status = match answer {
            Ok(answer) => return Outcome::Answered(answer),
            Err(error) => error.downcast_ref::<Refusal>().map(|refusal| refusal.status),
        };
        match status {
            Some(StatusCode::UNAUTHORIZED) => {
                self.signed_in.lock().await[gateway % self.urls.len()] = None;
                Outcome::Unknown
            }
            Some(status) if status.is_client_error() && !is_passing(status) => Outcome::Refused(status),
            _ => Outcome::Unknown,
        }
    }

    /// Submits until it is answered, over one gateway and the other.
    async fn submit(&self, key: &str, question: Question, work_ms: u32, gateway: usize) -> anyhow::Result<Uuid> {
        let body = self.body(question, work_ms);
        let begin = Instant::now();
        for nth in gateway.. {
            match self.post(nth, "/api/v1/analyses", Some(key), &body).await {
                Outcome::Answered(answer) => return text(&answer, "id")?.parse().context("read the id of a job"),
                Outcome::Refused(StatusCode::CONFLICT) | Outcome::Unknown if begin.elapsed() < IN_THE_END => {}
                Outcome::Refused(status) => bail!("the submit with key {key} was refused: {status}"),
                Outcome::Unknown => break,
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
        bail!("the submit with key {key} was not answered within {} s", IN_THE_END.as_secs())
    }

    /// Asks for something about a job until there is an answer; gives how often it was sent.
    async fn ask(&self, job: Uuid, what: &str, gateway: usize) -> u32 {
        let path = format!("/api/v1/analyses/{job}/{what}");
        let (begin, mut sent) = (Instant::now(), 0);
        while begin.elapsed() < IN_THE_END {
            sent += 1;
            let nth = gateway + usize::try_from(sent).unwrap_or(0);
            match self.post(nth, &path, None, &json!({})).await {
                Outcome::Answered(_) | Outcome::Refused(_) => break,
                Outcome::Unknown => tokio::time::sleep(AGAIN_AFTER).await,
            }
        }
        sent
    }

    fn body(&self, question: Question, work_ms: u32) -> Value {
        let analysis = |estimator: &str| {
            let mut parameters = local::main_job::nsw_question();
            parameters["estimator"] = json!(estimator);
            json!({ "agent": "causal_impact", "dataset_id": self.dataset, "parameters": parameters })
        };
        match question {
            Question::Canary => json!({ "agent": "canary", "parameters": { "work_ms": work_ms } }),
            Question::Abort => json!({ "agent": "canary", "parameters": { "fault": "abort" } }),
            Question::Means => analysis("difference_in_means"),
            Question::Regression => analysis("regression_adjustment"),
        }
    }
}

/// Whether the same request may be answered later.
fn is_passing(status: StatusCode) -> bool {
    matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS | StatusCode::TOO_EARLY)
}

async fn sign_in(url: &str, password: &str) -> anyhow::Result<Client> {
    Client::new(url)?.sign_in(ADMIN, password).await
}

/// Does one client's part of the plan; gives what it knows of each of its jobs.
///
/// # Errors
/// When a submit is refused.
pub async fn client(api: Arc<Api>, number: usize, turns: Vec<Turn>) -> anyhow::Result<Vec<Asked>> {
    let mut jobs: Vec<Asked> = Vec::new();
    for turn in turns {
        tokio::time::sleep(Duration::from_millis(turn.rest_ms)).await;
        match turn.op {
            Op::Submit { question, work_ms, again } => {
                let key = format!("chaos-{number}-{}", jobs.len());
                let mut asked = Asked { key, question, answered: BTreeSet::new(), cancels: 0, retries: 0 };
                for time in 0..=usize::from(again) {
                    asked.answered.insert(api.submit(&asked.key, question, work_ms, number + time).await?);
                }
                jobs.push(asked);
            }
            Op::Cancel(nth) => {
                let Some((asked, job)) =
                    jobs.get_mut(nth).and_then(|asked| asked.answered.first().copied().map(|job| (asked, job)))
                else {
                    continue;
                };
                asked.cancels += api.ask(job, "cancel", number).await;
            }
            Op::Retry(nth) => {
                let Some((asked, job)) =
                    jobs.get_mut(nth).and_then(|asked| asked.answered.first().copied().map(|job| (asked, job)))
                else {
                    continue;
                };
                asked.retries += api.ask(job, "retry", number).await;
            }
        }
    }
    Ok(jobs)
}

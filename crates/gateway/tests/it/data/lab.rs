//! A gateway with two people and a hand-driven worker.

use std::path::PathBuf;
use std::time::Duration;

use chassis::config::Env;
use http::Method;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use super::worker::Worker;
use crate::house::{House, Person, body};

/// A small table with a treatment `t` and an outcome `y`.
pub(crate) const CSV: &str = "id,t,y,site\n1,0,1.5,a\n2,1,2.5,b\n3,0,1.0,a\n4,1,3.25,b\n";

pub(crate) struct Lab {
    pub(crate) house: House,
    pub(crate) admin: Person,
    pub(crate) ann: Person,
    pub(crate) bob: Person,
    pub(crate) worker: Worker,
    pub(crate) client: reqwest::Client,
}

impl Lab {
    pub(crate) async fn build() -> Self {
        Self::build_with(|env| env).await
    }

    pub(crate) async fn build_with(change: impl FnOnce(Env) -> Env) -> Self {
        let house = House::build_with(change).await;
        let admin = house.admin().await;
        let ann = house.user(&admin, "ann@example.org").await;
        let bob = house.user(&admin, "bob@example.org").await;
        let worker = Worker::of(&house).await;
        // Of a whole stream: thousands of events on a busy machine.
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_mins(5)).build().unwrap();
        Self { house, admin, ann, bob, worker, client }
    }

    pub(crate) fn request(&self, method: Method, path: &str, who: &Person) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.house.address)).bearer_auth(&who.access_token)
    }

    pub(crate) async fn upload(&self, who: &Person, name: &str, table: impl Into<reqwest::Body>) -> Response {
        let path = format!("/api/v1/datasets?name={name}");
        let request = self.request(Method::POST, &path, who).header("content-type", "text/csv");
        request.body(table).send().await.unwrap()
    }

    /// A stored dataset's id.
    pub(crate) async fn dataset(&self, who: &Person) -> String {
        id(&body(self.upload(who, "table", CSV).await, 201).await)
    }

    pub(crate) async fn submit(&self, who: &Person, dataset: &str) -> Response {
        let asked =
            json!({"agent": "causal_impact", "dataset_id": dataset, "parameters": {"outcome": "y", "treatment": "t"}});
        self.house.post("/api/v1/analyses", who, asked).await
    }

    /// A queued analysis' id.
    pub(crate) async fn analysis(&self, who: &Person) -> String {
        let dataset = self.dataset(who).await;
        id(&body(self.submit(who, &dataset).await, 202).await)
    }

    pub(crate) async fn get(&self, path: &str, who: &Person) -> Value {
        body(self.house.get(path, who).await, 200).await
    }

    /// A workspace that ann owns and bob only reads.
    pub(crate) async fn shared_workspace(&self) -> String {
        let workspace =
            body(self.house.post("/api/v1/workspaces", &self.ann, json!({"name": "shared"})).await, 201).await;
        let workspace = id(&workspace);
        let path = format!("/api/v1/workspaces/{workspace}/members/{}", self.bob.id);
        let added = self.house.put(&path, &self.ann, json!({"role": "viewer"})).await;
        assert!(added.status().is_success(), "{}", added.text().await.unwrap());
        workspace
    }

    /// The files in the object store.
    pub(crate) fn objects(&self) -> Vec<PathBuf> {
        let mut folders = vec![PathBuf::from(self.house.env.get("OBJECT_STORE_URL").unwrap())];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files
    }

    pub(crate) async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(&self.house.database).await.unwrap()
    }

    /// Neither row nor object of any upload.
    pub(crate) async fn assert_nothing_is_left(&self) {
        assert_eq!(self.count("SELECT count(*) FROM e2i.datasets").await, 0, "rows");
        assert_eq!(self.objects(), Vec::<PathBuf>::new(), "objects");
    }

    /// Waits until `statement` counts `wanted`.
    pub(crate) async fn until(&self, statement: &'static str, wanted: i64) {
        self.house.until(statement, wanted).await;
    }
}

pub(crate) fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("no id in {thing}")).to_owned()
}

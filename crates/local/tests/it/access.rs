//! Two users: what is one's does not exist for the other, on every route there is.

use local::client::{Client, Refusal};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::house::{id, platform, upload_nsw, user};

/// Routes under these paths name something of a workspace by `{id}`.
const OWNED: &[&str] = &["/api/v1/datasets/", "/api/v1/analyses/", "/api/v1/workspaces/"];

/// What an owner has, by the path it is reached under.
struct Owned {
    dataset: String,
    analysis: String,
    workspace: String,
}

impl Owned {
    fn for_path(&self, path: &str) -> &str {
        match path.split('/').nth(3) {
            Some("datasets") => &self.dataset,
            Some("analyses") => &self.analysis,
            _ => &self.workspace,
        }
    }
}

async fn status(client: &Client, method: Method, path: &str) -> StatusCode {
    let request = client.request(method.clone(), path);
    // A body that no route can use: whoever may see the thing gets an answer about the body.
    let request = if method == Method::GET || method == Method::DELETE { request } else { request.json(&json!({})) };
    match client.send(request).await {
        Ok(response) => response.status(),
        Err(error) => error.downcast::<Refusal>().unwrap().status,
    }
}

/// Every route with an `{id}` of the owner's, from the API's own description: a new one is tested from its first day.
async fn routes(client: &Client) -> Vec<(Method, String)> {
    let document = client.get("/openapi.json").await.unwrap();
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        if OWNED.iter().any(|prefix| path.starts_with(prefix)) && path.contains("{id}") {
            for method in operations.as_object().unwrap().keys() {
                if let Ok(method) = method.to_uppercase().parse::<Method>()
                    && [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&method)
                {
                    routes.push((method, path.clone()));
                }
            }
        }
    }
    routes
}

#[tokio::test]
async fn what_is_not_the_callers_does_not_exist() {
    let platform = platform(&[]).await;
    let owner = user(&platform, "owner@example.org").await;
    let stranger = user(&platform, "stranger@example.org").await;
    let dataset = upload_nsw(&owner).await;
    let question = local::main_job::nsw_question();
    let analysis = owner.submit("causal_impact", Some(id(&dataset)), &question).await.unwrap();
    owner.wait(id(&analysis)).await.unwrap();
    let things = Owned {
        dataset: id(&dataset).to_owned(),
        analysis: id(&analysis).to_owned(),
        workspace: dataset["workspace_id"].as_str().unwrap().to_owned(),
    };

    let routes = routes(&owner).await;
    assert!(routes.len() >= 15, "the description lists too few routes: {routes:?}");
    let someone = "00000000-0000-4000-8000-000000000000";
    for (method, path) in &routes {
        let path = path.replace("{id}", things.for_path(path)).replace("{user_id}", someone);
        // An unusable body may be refused before the thing is looked for: that tells nothing about the thing, when
        // something that exists nowhere is refused in the same way.
        let theirs = status(&stranger, method.clone(), &path).await;
        let nowhere = path.replace(things.for_path(&path), someone);
        assert_eq!(theirs, status(&stranger, method.clone(), &nowhere).await, "{method} {path} tells that it exists");
        assert!(theirs.is_client_error(), "{method} {path}: {theirs}");
        if [Method::GET, Method::DELETE].contains(method) {
            assert_eq!(theirs, StatusCode::NOT_FOUND, "{method} {path}");
        }
    }
    // Nothing of it was changed or deleted.
    assert_eq!(owner.get(&format!("/api/v1/analyses/{}", things.analysis)).await.unwrap()["state"], "succeeded");
    owner.get(&format!("/api/v1/datasets/{}", things.dataset)).await.unwrap();
    platform.stop().await;
}

#[tokio::test]
async fn lists_show_only_ones_own_and_anothers_dataset_cannot_be_analysed() {
    let platform = platform(&[]).await;
    let owner = user(&platform, "owner@example.org").await;
    let stranger = user(&platform, "stranger@example.org").await;
    let dataset = upload_nsw(&owner).await;
    let question = local::main_job::nsw_question();
    owner.submit("causal_impact", Some(id(&dataset)), &question).await.unwrap();

    let refused = stranger.submit("causal_impact", Some(id(&dataset)), &question).await.unwrap_err();
    assert_eq!(refused.downcast::<Refusal>().unwrap().status, StatusCode::NOT_FOUND);
    for list in ["datasets", "analyses"] {
        let count = async |client: &Client| {
            let answer = client.get(&format!("/api/v1/{list}")).await.unwrap();
            answer[list].as_array().map_or_else(|| panic!("no {list} in {answer}"), Vec::len)
        };
        assert_eq!(count(&stranger).await, 0, "{list}");
        assert_eq!(count(&owner).await, 1, "{list}");
    }
    platform.stop().await;
}

#[tokio::test]
async fn without_a_token_nothing_but_the_open_routes_answers() {
    let platform = platform(&[]).await;
    let nobody = Client::new(platform.public_url()).unwrap();
    for (method, path) in routes(&nobody).await {
        let path = path.replace("{id}", "00000000-0000-4000-8000-000000000000").replace("{user_id}", "x");
        assert_eq!(status(&nobody, method.clone(), &path).await, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    platform.stop().await;
}

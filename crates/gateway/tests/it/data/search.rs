//! Finding analyses and datasets by what stands in their names.

use serde_json::{Value, json};

use super::lab::{CSV, Lab, id};
use crate::house::{Person, body, problem};

async fn found(lab: &Lab, list: &str, who: &Person, search: &str) -> Vec<String> {
    let encoded: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
    let answer = lab.get(&format!("/api/v1/{list}?search={encoded}"), who).await;
    answer[list].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn analyses_are_found_by_dataset_agent_and_column_and_lists_name_the_dataset() {
    let lab = Lab::build().await;
    let sales = id(&body(lab.upload(&lab.ann, "Sales_2026", CSV).await, 201).await);
    let trial = id(&body(lab.upload(&lab.ann, "100%25%20trial", CSV).await, 201).await);
    let of_sales = id(&body(lab.submit(&lab.ann, &sales).await, 202).await);
    let asked = json!({"agent": "causal_impact", "dataset_id": trial,
        "parameters": {"outcome": "y", "treatment": "t", "covariates": ["site"], "seed": 77}});
    let of_trial = id(&body(lab.house.post("/api/v1/analyses", &lab.ann, asked).await, 202).await);
    let both = vec![of_trial.clone(), of_sales.clone()];
    for (search, wanted) in [
        ("sales_", vec![of_sales.clone()]),
        ("  SALES ", vec![of_sales.clone()]),
        ("100%", vec![of_trial.clone()]),
        ("site", vec![of_trial.clone()]),
        ("causal", both.clone()),
        ("", both),
        // Signs are no wildcards; values that name no column are not looked at.
        ("s_les", vec![]),
        ("%_", vec![]),
        ("\\", vec![]),
        ("77", vec![]),
        ("nowhere", vec![]),
    ] {
        assert_eq!(found(&lab, "analyses", &lab.ann, search).await, wanted, "{search:?}");
    }
    assert_eq!(found(&lab, "analyses", &lab.bob, "sales").await, Vec::<String>::new());
    let listed = lab.get("/api/v1/analyses?search=sales&state=queued", &lab.ann).await;
    assert_eq!(
        (&listed["analyses"][0]["dataset_name"], &listed["analyses"][0]["dataset_version"]),
        (&json!("Sales_2026"), &json!(1))
    );
    assert_eq!(lab.get(&format!("/api/v1/analyses/{of_sales}"), &lab.ann).await["dataset_name"], Value::Null);
    let first = lab.get("/api/v1/analyses?search=causal&limit=1", &lab.ann).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = lab.get(&format!("/api/v1/analyses?search=causal&limit=1&cursor={cursor}"), &lab.ann).await;
    assert_eq!((id(&first["analyses"][0]), id(&next["analyses"][0])), (of_trial, of_sales));
    let long = "x".repeat(201);
    problem(lab.house.get(&format!("/api/v1/analyses?search={long}"), &lab.ann).await, 400, "bad-request").await;
}

#[tokio::test]
async fn datasets_are_found_by_a_piece_of_their_name_in_their_newest_version() {
    let lab = Lab::build().await;
    body(lab.upload(&lab.ann, "Sales_2026", CSV).await, 201).await;
    let sales = id(&body(lab.upload(&lab.ann, "Sales_2026", CSV).await, 201).await);
    let trial = id(&body(lab.upload(&lab.ann, "trial", CSV).await, 201).await);
    assert_eq!(found(&lab, "datasets", &lab.ann, "sale").await.as_slice(), std::slice::from_ref(&sales));
    assert_eq!(found(&lab, "datasets", &lab.ann, "A").await, [trial, sales]);
    assert_eq!(found(&lab, "datasets", &lab.ann, "s_les").await, Vec::<String>::new());
    assert_eq!(found(&lab, "datasets", &lab.bob, "sale").await, Vec::<String>::new());
}

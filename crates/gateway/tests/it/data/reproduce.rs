//! The script that repeats a result elsewhere.

use domain::agents;
use serde_json::{Map, Value, json};

use super::lab::Lab;
use super::worker::failed;
use crate::house::problem;

/// The least that a JSON Schema allows.
fn least(schema: &Value) -> Value {
    if let Some(only) = schema.get("const").or_else(|| schema["enum"].get(0)) {
        return only.clone();
    }
    if let Some(first) = schema["oneOf"].get(0).or_else(|| schema["anyOf"].get(0)) {
        return if schema["properties"].is_null() { least(first) } else { object(schema) };
    }
    let is = |kind: &str| match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|own| own == kind),
        own => own == kind,
    };
    if is("null") {
        return Value::Null;
    }
    if is("object") {
        return object(schema);
    }
    if is("array") {
        let count = schema["minItems"].as_u64().unwrap_or_default();
        return (0..count).map(|_| least(&schema["items"])).collect();
    }
    if is("boolean") {
        return json!(false);
    }
    if is("string") { json!("") } else { json!(1) }
}

fn object(schema: &Value) -> Value {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let member = |name: &str| (name.to_owned(), least(&schema["properties"][name]));
    Value::Object(required.map(member).collect::<Map<_, _>>())
}

/// A result of `causal_impact` with one estimate.
pub(crate) fn result() -> Value {
    let schema = (agents::find("causal_impact").unwrap().result_schema)();
    let mut result = least(&schema);
    result["estimates"] = json!([least(&schema["properties"]["estimates"]["items"])]);
    result["estimates"][0]["estimate"] = json!(1.625);
    result
}

#[tokio::test]
async fn a_result_comes_with_a_script_that_repeats_it() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let path = format!("/api/v1/analyses/{analysis}/reproduce.py");
    problem(lab.house.get(&path, &lab.ann).await, 409, "result-not-ready").await;
    lab.worker.run(&analysis, result()).await;
    let answer = lab.house.get(&path, &lab.ann).await;
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/x-python; charset=utf-8");
    assert_eq!(header("content-disposition"), "attachment; filename=\"reproduce.py\"");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let script = answer.text().await.unwrap();
    let (_, analysis) = script.split_once("ANALYSIS = json.loads(r'''").unwrap();
    let analysis: Value = serde_json::from_str(analysis.split_once("'''").unwrap().0).unwrap();
    assert_eq!(analysis["dataset"], "table");
    assert_eq!(analysis["parameters"]["outcome"], "y");
    assert_eq!(analysis["estimates"][0]["estimate"], 1.625);
    problem(lab.house.get(&path, &lab.bob).await, 404, "not-found").await;
}

#[tokio::test]
async fn without_a_result_of_this_version_there_is_no_script() {
    let lab = Lab::build().await;
    let older = lab.analysis(&lab.ann).await;
    lab.worker.run(&older, json!({"estimate": 1.0})).await;
    let answer = lab.house.get(&format!("/api/v1/analyses/{older}/reproduce.py"), &lab.ann).await;
    let refused = problem(answer, 404, "no-script").await;
    assert!(refused["detail"].as_str().unwrap().contains("`causal_impact` (version 2)"), "{refused}");
    let failing = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&failing).await;
    lab.worker.end(&claimed, &failed("constant")).await;
    let answer = lab.house.get(&format!("/api/v1/analyses/{failing}/reproduce.py"), &lab.ann).await;
    problem(answer, 409, "no-result").await;
}

//! Orders and questions, over the API.

use clap::ArgMatches;
use futures::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::Client;
use super::{FAILED, REFUSED, UNREACHABLE, exit, print};

const ROOT: &str = "/api/v1/deployments";
/// A deployer that replaces itself is away for some seconds.
const PATIENCE: u32 = 60;

pub(super) async fn deploy(client: &Client, arguments: &ArgMatches) -> anyhow::Result<()> {
    let text = |name: &str| arguments.get_one::<String>(name).cloned().unwrap_or_default();
    let order = json!({
        "ref": text("ref"), "force": arguments.get_flag("force"), "note": text("note"),
    });
    let summary = client.ask(Method::POST, ROOT, Some(&order)).await?;
    until_end(client, arguments, summary).await
}

pub(super) async fn rollback(client: &Client, arguments: &ArgMatches) -> anyhow::Result<()> {
    let id = match arguments.get_one::<i64>("id") {
        Some(id) => *id,
        None => before_the_live_one(client).await?,
    };
    let order = json!({ "force": arguments.get_flag("force") });
    let summary = client.ask(Method::POST, &format!("{ROOT}/{id}/rollback"), Some(&order)).await?;
    until_end(client, arguments, summary).await
}

/// The newest release that is kept and is not the live one.
async fn before_the_live_one(client: &Client) -> anyhow::Result<i64> {
    let overview = client.ask(Method::GET, &format!("{ROOT}/overview"), None).await?;
    let live = overview["live"]["id"].as_i64();
    let kept = overview["kept"].as_array().into_iter().flatten().filter_map(Value::as_i64);
    kept.into_iter()
        .find(|id| Some(*id) != live)
        .ok_or_else(|| exit(REFUSED, "no other release is kept: there is nothing to go back to"))
}

pub(super) async fn cancel(client: &Client, arguments: &ArgMatches) -> anyhow::Result<()> {
    let id = arguments.get_one::<i64>("id").copied().unwrap_or_default();
    let summary = client.ask(Method::POST, &format!("{ROOT}/{id}/cancel"), None).await?;
    told(arguments.get_flag("json"), &summary);
    Ok(())
}

pub(super) async fn plan(client: &Client, arguments: &ArgMatches) -> anyhow::Result<()> {
    let reference = arguments.get_one::<String>("ref").map_or("main", String::as_str);
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("ref", reference).finish();
    let plan = client.ask(Method::GET, &format!("{ROOT}/plan?{query}"), None).await?;
    if arguments.get_flag("json") {
        print::json(&plan);
    } else {
        print::plan(&plan);
    }
    Ok(())
}

pub(super) async fn resume(client: &Client, json: bool) -> anyhow::Result<()> {
    shown(json, &client.ask(Method::POST, &format!("{ROOT}/resume"), None).await?);
    Ok(())
}

pub(super) async fn pause(client: &Client, arguments: &ArgMatches) -> anyhow::Result<()> {
    let on = arguments.get_one::<String>("on").is_some_and(|on| on == "on");
    let overview = client.ask(Method::POST, &format!("{ROOT}/pause"), Some(&json!({ "on": on }))).await?;
    shown(arguments.get_flag("json"), &overview);
    Ok(())
}

pub(super) async fn status(client: &Client, json: bool) -> anyhow::Result<()> {
    shown(json, &client.ask(Method::GET, &format!("{ROOT}/overview"), None).await?);
    Ok(())
}

fn shown(json: bool, overview: &Value) {
    if json {
        print::json(overview);
    } else {
        print::overview(overview);
    }
}

fn told(json: bool, summary: &Value) {
    if json {
        print::json(summary);
    } else {
        print::line(&print::summary(summary));
    }
}

/// Tells the log as it comes, then how it ended.
async fn until_end(client: &Client, arguments: &ArgMatches, summary: Value) -> anyhow::Result<()> {
    let (json, id) = (arguments.get_flag("json"), summary["id"].as_i64().unwrap_or_default());
    if arguments.get_flag("no-wait") {
        told(json, &summary);
        return Ok(());
    }
    if !json {
        print::line(&print::summary(&summary));
    }
    let mut after = 0;
    let mut failures = 0;
    loop {
        match follow(client, id, &mut after, !json).await {
            Ok(true) => break,
            Ok(false) => failures = 0,
            Err(error) if failures >= PATIENCE => return Err(error),
            Err(_away) => failures += 1,
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    let ended = client.ask(Method::GET, &format!("{ROOT}/{id}"), None).await?;
    told(json, &ended);
    match ended["state"].as_str() {
        Some("live" | "replaced") => Ok(()),
        Some("refused") => Err(exit(REFUSED, "")),
        _ => Err(exit(FAILED, "")),
    }
}

/// Follows the events until the connection ends; true when the deployment has.
async fn follow(client: &Client, id: i64, after: &mut u64, aloud: bool) -> anyhow::Result<bool> {
    let mut bytes = client.events(id, *after).await?.bytes_stream();
    let mut buffer = Vec::new();
    while let Some(chunk) = bytes.next().await {
        buffer.extend_from_slice(&chunk.map_err(|error| exit(UNREACHABLE, error.to_string()))?);
        while let Some(end) = buffer.windows(2).position(|pair| pair == b"\n\n") {
            let message: Vec<u8> = buffer.drain(..end + 2).collect();
            let message = String::from_utf8_lossy(&message);
            let field = |name: &str| message.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            let data: Value = serde_json::from_str(field("data: ")).unwrap_or_default();
            match field("event: ") {
                "line" => {
                    *after = data["seq"].as_u64().unwrap_or(*after);
                    if aloud {
                        let step = data["step"].as_str().unwrap_or_default();
                        print::line(&format!("{step:>11} | {}", data["line"].as_str().unwrap_or_default()));
                    }
                }
                "end" if data["reason"] == "ended" => return Ok(true),
                _ => {}
            }
        }
    }
    Ok(false)
}

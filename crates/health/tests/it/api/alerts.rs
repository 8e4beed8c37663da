//! The test of the alert channels.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use super::house::{House, Plan, slug};

/// Takes what Slack would take, and answers so.
pub(super) async fn slack(status: StatusCode, kept: Arc<Mutex<Vec<Value>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/services/T0/B0/the-secret", listener.local_addr().unwrap());
    let take = move |body: axum::Json<Value>| async move {
        kept.lock().unwrap().push(body.0);
        (status, "said")
    };
    let app = Router::new().route("/services/{*rest}", post(take));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}

fn mail(port: u16, tls: &str) -> [(&'static str, String); 5] {
    [
        ("MAIL_SMTP_HOST", "127.0.0.1".to_owned()),
        ("MAIL_SMTP_PORT", port.to_string()),
        ("MAIL_SMTP_TLS", tls.to_owned()),
        ("MAIL_FROM", "e2i@example.org".to_owned()),
        ("MAIL_TO", "ann@example.org".to_owned()),
    ]
}

async fn test(variables: &[(&str, String)]) -> (StatusCode, Value) {
    let house = House::with(Plan { variables, ..Plan::default() }).await;
    house.post("/api/v1/status/alerts/test", &json!({})).await
}

#[tokio::test]
async fn nobody_to_tell_is_said_so() {
    let (status, problem) = test(&[]).await;
    assert_eq!((status, slug(&problem)), (StatusCode::CONFLICT, "no-alert-channels"));
}

#[tokio::test]
async fn what_arrives_arrives_with_its_event_and_what_does_not_says_why() {
    let kept = Arc::default();
    let (status, tested) = test(&[("SLACK_WEBHOOK_URL", slack(StatusCode::OK, Arc::clone(&kept)).await)]).await;
    assert_eq!((status, &tested["outcomes"][0]["delivered"]), (StatusCode::OK, &json!(true)), "{tested}");
    assert_eq!(&tested["outcomes"][0]["channel"], "slack");
    let body = kept.lock().unwrap()[0].to_string();
    assert!(body.contains(tested["event"].as_str().unwrap()) && body.contains("/status"), "{body}");

    let (status, tested) = test(&[("SLACK_WEBHOOK_URL", slack(StatusCode::GONE, Arc::default()).await)]).await;
    assert_eq!((status, &tested["outcomes"][0]["delivered"]), (StatusCode::OK, &json!(false)));
    let words = tested["outcomes"][0]["words"].as_str().unwrap();
    assert!(words.contains("410") && words.contains("SLACK_WEBHOOK_URL") && !words.contains("the-secret"), "{words}");
}

/// Nobody listens on these ports of this machine, as nobody seems to where a host blocks them and refuses.
#[tokio::test]
async fn a_blocked_mail_port_is_named() {
    for (port, tls) in [(25, "none"), (465, "tls"), (587, "starttls")] {
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            continue; // This machine has a mail server.
        }
        let (status, tested) = test(&mail(port, tls)).await;
        assert_eq!((status, &tested["outcomes"][0]["delivered"]), (StatusCode::OK, &json!(false)));
        let words = tested["outcomes"][0]["words"].as_str().unwrap();
        assert!(words.contains(&format!("127.0.0.1:{port}")), "{words}");
        assert!(words.contains("ports 25, 465 and 587") && words.contains("MAIL_API"), "{words}");
    }
}

/// What a firewall does that drops: the connection is never made. Here a listener's queue is full, so that the kernel drops
/// what comes.
#[tokio::test]
async fn a_connection_that_is_never_made_is_named_and_holds_nobody_up() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(Ok(connection)) =
        tokio::time::timeout(std::time::Duration::from_millis(500), TcpStream::connect(address)).await
    {
        waiting.push(connection);
    }
    let kept = Arc::default();
    let mut variables = mail(address.port(), "none").to_vec();
    variables.push(("SLACK_WEBHOOK_URL", slack(StatusCode::OK, Arc::clone(&kept)).await));
    let (status, tested) = test(&variables).await;
    assert_eq!(status, StatusCode::OK);
    let outcome = |name| tested["outcomes"].as_array().unwrap().iter().find(|one| one["channel"] == name).unwrap();
    assert_eq!(outcome("slack")["delivered"], true);
    assert!(outcome("slack")["took_ms"].as_f64().unwrap() < 5_000.0, "{tested}");
    let words = outcome("mail")["words"].as_str().unwrap();
    assert!(words.contains(&address.to_string()) && words.contains("nothing came within 10 s"), "{words}");
    drop(waiting);
}

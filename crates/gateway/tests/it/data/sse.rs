//! Reads server-sent events.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Response;
use serde_json::Value;

use super::lab::Lab;
use crate::house::Person;

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) id: Option<String>,
    pub(crate) event: String,
    pub(crate) data: Value,
}

/// An open stream.
pub(crate) struct Events {
    response: Response,
    unread: String,
    told: VecDeque<Told>,
    pub(crate) comments: usize,
    pub(crate) retry_ms: Option<u64>,
}

impl Lab {
    pub(crate) async fn follow(&self, path: &str, who: &Person, after: Option<&str>) -> Events {
        self.follow_at(self.house.address, path, who, after).await
    }

    /// Follows at a gateway beside the lab's own.
    pub(crate) async fn follow_at(&self, address: SocketAddr, path: &str, who: &Person, after: Option<&str>) -> Events {
        let mut request = self.client.get(format!("http://{address}{path}")).bearer_auth(&who.access_token);
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert!(response.headers()["cache-control"].to_str().unwrap().starts_with("no-cache"));
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Events { response, unread: String::new(), told: VecDeque::new(), comments: 0, retry_ms: None }
    }

    pub(crate) async fn follow_analysis(&self, who: &Person, analysis: &str, after: Option<&str>) -> Events {
        self.follow(&format!("/api/v1/analyses/{analysis}/events"), who, after).await
    }
}

impl Events {
    /// The next event; `None` once the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some(told) = self.told.pop_front() {
                return Some(told);
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.response.chunk()).await;
            let chunk = chunk.unwrap_or_else(|_| panic!("no event within 20 s")).unwrap()?;
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
            while let Some(end) = self.unread.find("\n\n") {
                let block: String = self.unread.drain(..end + 2).collect();
                self.take(&block);
            }
        }
    }

    fn take(&mut self, block: &str) {
        let mut told = Told { id: None, event: String::new(), data: Value::Null };
        for line in block.lines().filter(|line| !line.is_empty()) {
            let (field, value) = line.split_once(':').unwrap();
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "" => self.comments += 1,
                "id" => told.id = Some(value.to_owned()),
                "event" => value.clone_into(&mut told.event),
                "data" => told.data = serde_json::from_str(value).unwrap(),
                "retry" => self.retry_ms = value.parse().ok(),
                other => panic!("field {other}"),
            }
        }
        if !told.data.is_null() {
            self.told.push_back(told);
        }
    }

    pub(crate) async fn expect(&mut self, event: &str) -> Told {
        let told = self.next().await.unwrap_or_else(|| panic!("the stream ended before {event}"));
        assert_eq!(told.event, event, "{told:?}");
        told
    }

    /// All events until the stream ends.
    pub(crate) async fn rest(mut self) -> Vec<Told> {
        let mut all = Vec::new();
        while let Some(told) = self.next().await {
            all.push(told);
        }
        all
    }
}

/// `event` or `event:state`, for comparing at a glance.
pub(crate) fn names(told: &[Told]) -> Vec<String> {
    told.iter()
        .map(|told| match told.data["state"].as_str() {
            Some(state) => format!("{}:{state}", told.event),
            None => told.event.clone(),
        })
        .collect()
}

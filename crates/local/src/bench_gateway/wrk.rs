//! One run of `wrk`, and what it printed.

use std::io::Write as _;

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use tokio::process::Command;

/// What to ask, again and again.
pub struct Load {
    url: String,
    token: Option<String>,
    body: Option<String>,
}

/// How that went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Answers a second.
    pub requests_per_s: f64,
    /// The median of their latencies.
    pub p50_ms: f64,
    /// Their 99th percentile.
    pub p99_ms: f64,
}

impl Load {
    /// `GET`, as somebody or nobody.
    #[must_use]
    pub fn get(url: String, token: Option<&str>) -> Self {
        Self { url, token: token.map(str::to_owned), body: None }
    }

    /// `POST` of a body, as somebody.
    #[must_use]
    pub fn post(url: String, token: &str, body: &Value) -> Self {
        Self { url, token: Some(token.to_owned()), body: Some(body.to_string()) }
    }

    /// Asks over so many connections for so long.
    ///
    /// # Errors
    /// When `wrk` cannot be run, or an answer was not a 2xx.
    pub async fn run(&self, connections: u32, seconds: u32) -> anyhow::Result<Measured> {
        // In a file rather than arguments: the token is nobody else's.
        let mut script = tempfile::NamedTempFile::new().context("make a script for wrk")?;
        script.write_all(self.script().as_bytes()).context("write the script for wrk")?;
        let output = Command::new("wrk")
            .args([
                "--latency",
                "--timeout",
                "30s",
                "-t",
                "2",
                "-c",
                &connections.to_string(),
                "-d",
                &format!("{seconds}s"),
                "-s",
            ])
            .arg(script.path())
            .arg(&self.url)
            .kill_on_drop(true)
            .output()
            .await
            .context("run wrk (on Debian or Ubuntu: sudo apt-get install -y wrk)")?;
        let text = String::from_utf8_lossy(&output.stdout);
        ensure!(
            output.status.success(),
            "wrk ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        read(&text).with_context(|| format!("wrk said:\n{text}"))
    }

    /// JSON's way to write a text is also Lua's, for what stands here.
    fn script(&self) -> String {
        let text = |text: &str| Value::from(text).to_string();
        let mut script = String::new();
        if let Some(token) = &self.token {
            script.push_str("wrk.headers[\"Authorization\"] = ");
            script.push_str(&text(&format!("Bearer {token}")));
            script.push('\n');
        }
        if let Some(body) = &self.body {
            script += "wrk.method = \"POST\"\nwrk.headers[\"Content-Type\"] = \"application/json\"\n";
            script.push_str("wrk.body = ");
            script.push_str(&text(body));
            script.push('\n');
        }
        script
    }
}

fn read(text: &str) -> anyhow::Result<Measured> {
    if let Some(bad) = text.lines().find(|line| line.contains("Non-2xx") || line.contains("Socket errors")) {
        bail!("not every answer was a good one: {}", bad.trim());
    }
    let after = |name: &str| {
        let line = text.lines().map(str::trim).find_map(|line| line.strip_prefix(name));
        line.map(str::trim).with_context(|| format!("wrk told no `{name}`"))
    };
    Ok(Measured {
        requests_per_s: after("Requests/sec:")?.parse().context("requests/s")?,
        p50_ms: milliseconds(after("50%")?)?,
        p99_ms: milliseconds(after("99%")?)?,
    })
}

/// `912.00us`, `3.21ms` or `1.02s`.
fn milliseconds(text: &str) -> anyhow::Result<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0), ("m", 60_000.0)];
    let (number, factor) = units
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))
        .with_context(|| format!("`{text}` is no duration"))?;
    Ok(number.parse::<f64>().with_context(|| format!("`{text}` is no duration"))? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "Running 1s test\n  Latency Distribution\n     50%  912.00us\n     75%    1.20ms\n     99%    1.02s \n\
                           \x20 9 requests in 1.00s\nRequests/sec:   3115.25\nTransfer/sec:      1.00MB\n";

    #[test]
    fn what_wrk_prints_is_read() {
        let measured = read(PRINTED).unwrap();
        assert!((measured.requests_per_s - 3115.25).abs() < 1e-9);
        assert!((measured.p50_ms - 0.912).abs() < 1e-9);
        assert!((measured.p99_ms - 1020.0).abs() < 1e-9);
    }

    #[test]
    fn a_run_with_refusals_is_no_figure() {
        let refused = format!("{PRINTED}  Non-2xx or 3xx responses: 12\n");
        assert!(read(&refused).unwrap_err().to_string().contains("12"));
    }
}

//! Who reaches what.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::net::TcpStream;

use crate::case::{Figures, Room};
use crate::engine;
use crate::project::Container;

/// What listens in the containers.
const INSIDE: [(&str, u16); 9] = [
    ("gateway", 8000),
    ("gateway", 9000),
    ("worker", 9010),
    ("health", 8020),
    ("health", 9020),
    ("frontend", 3000),
    ("mlflow", 5000),
    ("redis", 6379),
    ("postgres", 5432),
];
/// Those that nothing in the frontend network may reach.
const BACKEND: [&str; 4] = ["worker", "mlflow", "redis", "postgres"];

pub(super) async fn scan(room: &Room<'_>) -> anyhow::Result<Figures> {
    let (project, outside) = (room.project()?, room.outside()?);
    let port = |name: &str| -> anyhow::Result<u16> { Ok(project.variable(name).context("no port")?.parse()?) };
    let expected = BTreeSet::from([port("HTTP_PORT")?, port("HTTPS_PORT")?]);
    let begin = std::time::Instant::now();
    let open = outside.scan(IpAddr::V4(outside.host), 1..=u16::MAX).await?;
    let new: BTreeSet<u16> = open.difference(&outside.open_before).copied().collect();
    ensure!(new == expected, "a stranger finds {new:?} open instead of {expected:?}");
    let seconds = begin.elapsed().as_secs_f64();
    // The containers' own addresses, by way of this machine.
    let mut tried = 0;
    for (service, port) in INSIDE {
        for address in addresses(&project.container(service).await?) {
            let open = outside.scan(IpAddr::V4(address), port..=port).await?;
            ensure!(open.is_empty(), "a stranger reaches {service} at {address}:{port}");
            tried += 1;
        }
    }
    // And through nginx he does not reach what is for operators.
    for path in ["/metrics", "/readyz", "/livez"] {
        let url = format!("https://{}:{}{path}", outside.host, port("HTTPS_PORT")?);
        let said = outside.said("curl", &["--silent", "--insecure", "--noproxy", "*", &url]).await?;
        ensure!(said.success, "curl {url}: {}", said.all());
        let told = ["process_", "\"revision\"", "# TYPE"].iter().find(|part| said.out.contains(**part));
        ensure!(told.is_none(), "{url} answers with a private port's content: {}", said.out);
    }
    Ok(Figures::none()
        .with("65,535 ports in", seconds, "s")
        .note(format!("open: {expected:?}"))
        .note(format!("{tried} addresses of containers tried in vain")))
}

fn addresses(container: &Container) -> Vec<Ipv4Addr> {
    let networks = container.about["NetworkSettings"]["Networks"].as_object();
    let all = networks.into_iter().flat_map(|networks| networks.values());
    all.filter_map(|network| network["IPAddress"].as_str()?.parse().ok()).collect()
}

pub(super) async fn apart(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let network = format!("{}_frontend-network", project.name());
    let gateway = project.container("gateway").await?;
    let seen = &gateway.about["NetworkSettings"]["Networks"][&network]["IPAddress"];
    let gateway: Ipv4Addr =
        seen.as_str().and_then(|text| text.parse().ok()).context("the gateway has no address there")?;
    // The probe sees what it may see.
    ensure!(reaches(room, &network, &gateway.to_string(), 8000).await?, "the gateway is not reached either");
    let mut tried = 0;
    for (service, port) in INSIDE.into_iter().filter(|(service, _)| BACKEND.contains(service)) {
        let container = project.container(service).await?;
        let targets = addresses(&container).into_iter().map(|address| address.to_string()).chain([service.to_owned()]);
        for target in targets {
            let reached = reaches(room, &network, &target, port).await?;
            ensure!(!reached, "{service} is reached at {target}:{port} from the frontend network");
            tried += 1;
        }
    }
    Ok(Figures::none().note(format!("{tried} addresses and names tried in vain")))
}

/// Whether a container in a network opens a connection.
async fn reaches(room: &Room<'_>, network: &str, target: &str, port: u16) -> anyhow::Result<bool> {
    let line = format!("timeout 3 bash -c 'exec 3<>/dev/tcp/{target}/{port}' 2>/dev/null && echo reached || echo not");
    let name = room.site.name("probe");
    let run = ["run", "--rm", "--name", &name, "--network", network, "debian:trixie-slim", "bash", "-c", &line];
    Ok(engine::docker(&run).await?.trim() == "reached")
}

pub(super) async fn direct_ports(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    for name in ["API_PORT", "WEB_PORT", "MLFLOW_PORT", "REDIS_PORT", "POSTGRES_PORT"] {
        let port: u16 = project.variable(name).context("no port")?.parse()?;
        let connect = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        tokio::time::timeout(Duration::from_secs(5), connect)
            .await
            .context(name)?
            .with_context(|| format!("{name} {port}"))?;
    }
    let port = project.variable("API_PORT").context("no port")?;
    let client = local::client::Client::new(&format!("http://127.0.0.1:{port}"))?;
    let origin = "http://localhost:3000";
    let answer = client.send(client.request(reqwest::Method::GET, "/config.json").header("origin", origin)).await?;
    let allowed = answer.headers().get("access-control-allow-origin").and_then(|value| value.to_str().ok());
    ensure!(allowed == Some(origin), "another origin is allowed `{allowed:?}`");
    Ok(Figures::none())
}

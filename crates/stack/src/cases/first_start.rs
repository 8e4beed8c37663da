//! `init`: what makes the secrets of a platform.

use anyhow::ensure;
use tokio::process::Command;

use crate::case::{Figures, Room};
use crate::command::{Said, run, said};
use crate::engine::BUILD_WITHIN;

const READERS: [&str; 6] = ["postgres", "redis", "services", "gateway", "health", "mlflow"];
const GIVEN: [(&str, &str); 3] = [
    ("SECRET_KEY", "0123456789abcdef0123456789abcdef"),
    ("REDIS_PASSWORD", "redis-secret"),
    ("POSTGRES_PASSWORD", "it's 100 % / @ä"),
];

pub(super) async fn secrets(room: &Room<'_>) -> anyhow::Result<Figures> {
    room.site.build_images().await?;
    let volumes: Vec<String> = READERS.iter().map(|reader| room.site.name(&format!("secrets-{reader}"))).collect();
    let outcome = tried(room, &volumes).await;
    let mut remove = Command::new("docker");
    remove.args(["volume", "rm", "--force"]).args(&volumes);
    run(&mut remove).await?;
    outcome
}

async fn tried(room: &Room<'_>, volumes: &[String]) -> anyhow::Result<Figures> {
    let revisions = room.site.revisions()?;
    let revision = revisions.iter().find(|(service, _)| service == "init").map_or("dev", |(_, revision)| revision);
    let init = Init { image: format!("{}/init:{revision}", room.site.image_prefix()), volumes };

    // Nothing that cannot be used gets in, whatever else is right.
    for (wrong, told) in [
        (vec![("SECRET_KEY", "short")], "at least 32"),
        (vec![("REDIS_PASSWORD", "a b")], "REDIS_PASSWORD: only letters"),
        (vec![("SECRET_KEY", GIVEN[0].1), ("SECRET_KEY_FILE", "/nowhere")], "both set"),
        (vec![("SECRET_KEY_FILE", "/nowhere")], "cannot be read"),
        (vec![("E2I_INVENT_SECRETS", "no")], "openssl rand -hex 32"),
        (vec![("E2I_INVENT_SECRETS", "no"), GIVEN[0], GIVEN[1]], "POSTGRES_PASSWORD is empty"),
    ] {
        let refused = init.start(&wrong).await?;
        ensure!(!refused.success && refused.all().contains(told), "{wrong:?}: {}", refused.all());
        ensure!(init.written().await?.is_empty(), "{wrong:?} left something: {}", init.written().await?);
    }

    ensure!(init.start(&[]).await?.success, "it does not make secrets by itself");
    let first = init.written().await?;
    ensure!(first.lines().count() == 11, "it wrote {first}");
    ensure!(first.lines().all(|line| line.contains(" 400 ")), "somebody else may read one: {first}");
    ensure!(init.start(&[]).await?.success && init.written().await? == first, "a second start changed something");

    let mut production = vec![("E2I_INVENT_SECRETS", "no")];
    production.extend(GIVEN);
    ensure!(init.start(&production).await?.success, "what is given is not taken");
    let written = init.read("services", "database-url").await?;
    ensure!(
        written == "postgresql://e2i:it%27s%20100%20%25%20%2F%20%40%C3%A4@postgres:5432/e2i",
        "a password that is not plain makes another address"
    );
    Ok(Figures::none().note("6 wrong ways"))
}

struct Init<'a> {
    image: String,
    volumes: &'a [String],
}

impl Init<'_> {
    fn container(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command.args(["run", "--rm", "--network", "none", "--read-only", "--cap-drop", "ALL"]).args(arguments);
        for (reader, volume) in READERS.iter().zip(self.volumes) {
            command.arg("--volume").arg(format!("{volume}:/secrets/{reader}"));
        }
        command
    }

    async fn start(&self, variables: &[(&str, &str)]) -> anyhow::Result<Said> {
        let mut command = self.container(&["--cap-add", "CHOWN", "--cap-add", "DAC_OVERRIDE", "--cap-add", "FOWNER"]);
        for (name, value) in variables {
            command.arg("--env").arg(format!("{name}={value}"));
        }
        said(command.arg(&self.image), BUILD_WITHIN).await
    }

    /// Each file with its owner, mode and digest.
    async fn written(&self) -> anyhow::Result<String> {
        let list = "cd /secrets && find . -type f -printf '%p %u %m ' -exec sha256sum {} \\; | sort";
        let mut command = self.container(&["--cap-add", "DAC_OVERRIDE", "--entrypoint", "bash"]);
        run(command.args([&self.image, "-c", list])).await
    }

    async fn read(&self, reader: &str, file: &str) -> anyhow::Result<String> {
        let mut command = self.container(&["--cap-add", "DAC_OVERRIDE", "--entrypoint", "cat"]);
        run(command.arg(&self.image).arg(format!("/secrets/{reader}/{file}"))).await
    }
}

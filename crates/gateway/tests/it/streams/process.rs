//! A gateway as a process of its own on a lab's database, measured from outside.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::data::lab::Lab;
use crate::house::Person;

const PROGRAM: &str = env!("CARGO_BIN_EXE_e2i-gateway");

pub(crate) struct Gateway {
    process: Child,
    pub(crate) address: SocketAddr,
    private_address: SocketAddr,
}

impl Gateway {
    /// Starts one beside the lab's own, on the same database, Redis and keys.
    pub(crate) async fn beside(lab: &Lab, variables: &[(&str, &str)]) -> Self {
        let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
        let random = servers::operating_system_random();
        let [address, private_address] =
            [(); 2].map(|()| SocketAddr::from(([127, 0, 0, 1], servers::free_port(&random).unwrap())));
        let mut command = Command::new(PROGRAM);
        command.env_clear().stdout(Stdio::null()).stderr(Stdio::null()).env("RUST_LOG", "warn");
        for name in ["DATABASE_URL", "REDIS_URL", "REDIS_KEY_PREFIX", "OBJECT_STORE_URL", "PUBLIC_URL", "SECRET_KEY"] {
            command.env(name, lab.house.env.get(name).unwrap());
        }
        for name in ["AUTH_KEYS_DIR", "JWKS_FILE"] {
            command.env(name, lab.house.env.get(name).unwrap());
        }
        command.env("GATEWAY_LISTEN", address.to_string()).env("GATEWAY_PRIVATE_LISTEN", private_address.to_string());
        for name in ["RATE_LIMIT_ADDRESS_PER_MINUTE", "RATE_LIMIT_USER_PER_MINUTE"] {
            command.env(name, "0");
        }
        command.envs(variables.iter().copied());
        let gateway = Self { process: command.spawn().unwrap(), address, private_address };
        gateway.until("it is ready", async || gateway.ask("/readyz").await.is_some()).await;
        gateway
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.process.id()).unwrap()).unwrap()
    }

    pub(crate) fn pid_number(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
    }

    /// Asks the private port; `None` unless it says yes.
    pub(crate) async fn ask(&self, path: &'static str) -> Option<String> {
        let address = self.private_address;
        tokio::task::spawn_blocking(move || chassis::healthcheck::ask(address, path).ok()).await.unwrap()
    }

    /// The sum of a metric over its labels.
    pub(crate) async fn metric(&self, name: &str) -> f64 {
        let text = self.ask("/metrics").await.unwrap();
        text.lines()
            .filter(|line| line.starts_with(&format!("{name}{{")) || line.starts_with(&format!("{name} ")))
            .map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
            // Not `sum`: of nothing that is -0.
            .fold(0.0, |sum, value| sum + value)
    }

    /// A metric that counts whole things.
    pub(crate) async fn count(&self, name: &str) -> usize {
        format!("{:.0}", self.metric(name).await).parse().unwrap()
    }

    /// Open streams.
    pub(crate) async fn streams(&self) -> usize {
        self.count("gateway_event_streams").await
    }

    /// Resident memory.
    pub(crate) fn memory_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    }

    /// Processor time taken so far, in seconds (the kernel counts hundredths).
    pub(crate) fn cpu_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
        [11, 12].iter().map(|field| fields[*field].parse::<f64>().unwrap()).sum::<f64>() / 100.0
    }

    /// Waits for a condition, at most a minute.
    pub(crate) async fn until(&self, what: &str, mut condition: impl AsyncFnMut() -> bool) {
        let begin = Instant::now();
        while !condition().await {
            assert!(begin.elapsed() < Duration::from_mins(1), "not within a minute: {what}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Asks for a stream and reads nothing of the answer. A small window: what is not read fills it soon.
    pub(crate) async fn open(&self, path: &str, who: &Person, window_bytes: Option<u32>) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        if let Some(window_bytes) = window_bytes {
            socket.set_recv_buffer_size(window_bytes).unwrap();
        }
        let mut stream = socket.connect(self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: e2i\r\nauthorization: Bearer {}\r\n\r\n", who.access_token);
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads until `wanted` has arrived; the stream goes on. Panics when it ends before.
pub(crate) async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut heard = String::new();
    let mut bytes = vec![0; 16 * 1024];
    let reading = async {
        while !heard.contains(wanted) {
            let read = stream.read(&mut bytes).await.unwrap();
            assert!(read > 0, "ended before `{wanted}`: {heard}");
            heard.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
    };
    tokio::time::timeout(Duration::from_mins(1), reading).await.unwrap_or_else(|_| panic!("no `{wanted}`"));
    heard
}

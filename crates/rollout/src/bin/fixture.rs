//! Stands in front of a service in an image that is to go wrong: `rollout-fixture PROGRAM [ARGUMENT...]`.
//!
//! `E2I_FIXTURE` says how. Whatever it does not concern becomes PROGRAM itself, with its process number, so that signals
//! and the end are the program's own. Only images of tests hold this.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

/// Asked for by a name that no program has: this process serves and is not replaced.
const HELPER: &str = "--helper";
/// A head that is longer is no request of ours.
const LONGEST_HEAD: usize = 64 * 1024;

fn main() -> ExitCode {
    let fault = told("E2I_FIXTURE");
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("usage: rollout-fixture PROGRAM [ARGUMENT...]");
        return ExitCode::from(64);
    };
    let arguments: Vec<OsString> = arguments.collect();
    if program == HELPER {
        return helper(&fault);
    }
    let subcommand = arguments.first().and_then(|word| word.to_str()).unwrap_or("run");
    match (fault.as_str(), subcommand) {
        ("exits-at-once", "run") => {
            eprintln!("fixture: this image ends as soon as it starts");
            return ExitCode::from(3);
        }
        ("never-ready", "run") => {
            eprintln!("fixture: this goes on for ever and does nothing");
            thread::sleep(Duration::MAX);
        }
        ("migration-fails", "migrate" | "setup") => {
            eprintln!("fixture: error: relation \"e2i.nowhere\" does not exist");
            return ExitCode::FAILURE;
        }
        ("migration-fails" | "migration-pending", "schema") => return with_pending(&program, &arguments),
        _ => {}
    }
    let mut command = Command::new(&program);
    command.args(&arguments);
    if subcommand == "run" && moved(&fault).is_some_and(|moved| become_two(&mut command, &moved).is_err()) {
        eprintln!("fixture: the helper cannot be started");
        return ExitCode::from(70);
    }
    let error = command.exec();
    eprintln!("fixture: {}: {error}", program.display());
    ExitCode::from(127)
}

/// A variable; nothing where there is none.
#[expect(
    clippy::disallowed_methods,
    reason = "it stands in images of tests alone, and is no service with a configuration"
)]
fn told(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// What the program says of its schema, with a migration that the database has not.
fn with_pending(program: &OsString, arguments: &[OsString]) -> ExitCode {
    let output = match Command::new(program).args(arguments).output() {
        Ok(output) => output,
        Err(error) => {
            eprintln!("fixture: {}: {error}", program.display());
            return ExitCode::from(127);
        }
    };
    let said =
        String::from_utf8_lossy(&output.stdout).replace("\"pending\":[]", "\"pending\":[\"29991231235959_of_a_test\"]");
    print!("{said}");
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    if output.status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The port that the helper takes, the variable by which the program gives it up, and where the program listens then.
struct Moved {
    port: u16,
    variable: &'static str,
    to: u16,
}

fn moved(fault: &str) -> Option<Moved> {
    match fault {
        "answers-500" | "errors-later" => Some(Moved { port: 8000, variable: "GATEWAY_LISTEN", to: 18000 }),
        "unready-later" => Some(Moved { port: 9000, variable: "GATEWAY_PRIVATE_LISTEN", to: 19000 }),
        _ => None,
    }
}

fn become_two(program: &mut Command, moved: &Moved) -> io::Result<()> {
    Command::new("/proc/self/exe").arg(HELPER).spawn()?;
    program.env(moved.variable, format!("127.0.0.1:{}", moved.to));
    Ok(())
}

/// What the helper does with each connection.
struct Place {
    to: u16,
    /// How long all is well, once it has begun; `None`: never.
    well_for: Option<Duration>,
    /// Whether that begins with the first request through nginx, and not at the start.
    from_first_request: bool,
    status: &'static str,
    begun: OnceLock<Instant>,
}

fn helper(fault: &str) -> ExitCode {
    let Some(Moved { port, to, .. }) = moved(fault) else { return ExitCode::from(64) };
    let seconds = told("E2I_FIXTURE_SECONDS").parse().unwrap_or(20);
    let well_for = (fault != "answers-500").then_some(Duration::from_secs(seconds));
    let status = if fault == "unready-later" { "503 Service Unavailable" } else { "500 Internal Server Error" };
    let begun = OnceLock::new();
    let from_first_request = fault == "errors-later";
    if !from_first_request {
        begun.get_or_init(Instant::now);
    }
    let place = Arc::new(Place { to, well_for, from_first_request, status, begun });
    let listener = match TcpListener::bind(("0.0.0.0", port)) {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("fixture: port {port}: {error}");
            return ExitCode::from(71);
        }
    };
    for client in listener.incoming().flatten() {
        let place = Arc::clone(&place);
        // A connection that breaks is its client's to notice.
        thread::spawn(move || place.serve(client));
    }
    ExitCode::SUCCESS
}

impl Place {
    /// One request after the other: each is decided upon when it comes.
    fn serve(&self, mut client: TcpStream) -> io::Result<()> {
        loop {
            let Some((head, rest)) = read_head(&mut client)? else { return Ok(()) };
            if self.from_first_request && head.to_ascii_lowercase().contains("x-forwarded-for:") {
                self.begun.get_or_init(Instant::now);
            }
            if self.is_well() {
                return self.pass_on(client, &head, &rest);
            }
            discard_body(&mut client, &head, rest.len())?;
            let revision = told("E2I_REVISION");
            let (status, body) = (self.status, "{\"title\":\"fixture\",\"detail\":\"this image answers with errors\"}");
            let length = body.len();
            write!(
                client,
                "HTTP/1.1 {status}\r\nContent-Type: application/problem+json\r\nX-E2I-Revision: {revision}\r\n\
                 Content-Length: {length}\r\n\r\n{body}"
            )?;
        }
    }

    fn is_well(&self) -> bool {
        let Some(well_for) = self.well_for else { return false };
        self.begun.get().is_none_or(|begun| begun.elapsed() < well_for)
    }

    /// The request goes to the program, which closes after its answer: the next one is decided upon anew.
    fn pass_on(&self, client: TcpStream, head: &str, rest: &[u8]) -> io::Result<()> {
        let mut program = TcpStream::connect(("127.0.0.1", self.to))?;
        let (line, headers) = head.split_once("\r\n").unwrap_or((head, ""));
        program.write_all(format!("{line}\r\nConnection: close\r\n{headers}").as_bytes())?;
        program.write_all(rest)?;
        let (mut from_client, mut to_program) = (client.try_clone()?, program.try_clone()?);
        thread::spawn(move || io::copy(&mut from_client, &mut to_program));
        let mut to_client = client;
        io::copy(&mut program, &mut to_client)?;
        to_client.shutdown(Shutdown::Both)
    }
}

/// A request's head with its empty line, and what has come of the body already.
fn read_head(client: &mut TcpStream) -> io::Result<Option<(String, Vec<u8>)>> {
    let (mut read, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            let rest = read.split_off(end + 4);
            return Ok(Some((String::from_utf8_lossy(&read).into_owned(), rest)));
        }
        let count = client.read(&mut piece)?;
        if count == 0 || read.len() > LONGEST_HEAD {
            return Ok(None);
        }
        read.extend_from_slice(&piece[..count]);
    }
}

fn discard_body(client: &mut TcpStream, head: &str, have: usize) -> io::Result<()> {
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let missing = length.unwrap_or_default().saturating_sub(have);
    io::copy(&mut client.take(missing as u64), &mut io::sink()).map(drop)
}

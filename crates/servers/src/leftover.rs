//! Ending a program that a killed owner (and killed guardian) left running.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};

/// Ends the process named by the first line of `pid_file` when it is `program` working in `folder`, politely first, and
/// removes the file, whose number may meanwhile be another program's. The caller knows that no owner lives.
///
/// # Errors
/// When it does not end, or the file cannot be removed.
pub fn end_leftover(pid_file: &Path, program: &Path, folder: &Path, polite: Signal) -> anyhow::Result<()> {
    let Some(pid) = fs::read_to_string(pid_file).ok().and_then(|text| text.lines().next()?.trim().parse().ok()) else {
        return Ok(());
    };
    let is_ours = || is_program(pid, program, folder);
    if is_ours() {
        tracing::info!(pid, program = %program.display(), "stopping what an earlier run left behind");
        end(pid, polite, &is_ours)?;
    }
    match fs::remove_file(pid_file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("remove {}", pid_file.display()))
        }
        _ => Ok(()),
    }
}

/// Whether process `pid` is `program` working in `folder`: a number alone may long be another program's.
fn is_program(pid: i32, program: &Path, folder: &Path) -> bool {
    let process = PathBuf::from(format!("/proc/{pid}"));
    let Ok(program) = fs::canonicalize(program) else {
        return false;
    };
    // An upgraded package leaves "/usr/bin/redis-server (deleted)".
    let same_program = fs::read_link(process.join("exe"))
        .is_ok_and(|exe| exe.to_string_lossy().trim_end_matches(" (deleted)") == program.to_string_lossy());
    same_program && fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == folder)
}

fn end(pid: i32, polite: Signal, is_running: &dyn Fn() -> bool) -> anyhow::Result<()> {
    let number = Pid::from_raw(pid).with_context(|| format!("{pid} is no process number"))?;
    for (signal, patience) in [(polite, Duration::from_secs(20)), (Signal::KILL, Duration::from_secs(5))] {
        // It may end between the look and the signal.
        let _ = kill_process(number, signal);
        let begin = Instant::now();
        while begin.elapsed() < patience {
            if !is_running() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    bail!("process {pid}, left behind by an earlier run, does not end; end it by `kill -9 {pid}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_pid_file_that_names_another_program_ends_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let pid_file = folder.path().join("some.pid");
        let mut other = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        fs::write(&pid_file, format!("{}\n", other.id())).unwrap();
        end_leftover(&pid_file, Path::new("/bin/sh"), folder.path(), Signal::TERM).unwrap();
        assert!(other.try_wait().unwrap().is_none(), "an innocent process was ended");
        assert!(!pid_file.exists());
        other.kill().unwrap();
        other.wait().unwrap();
    }

    #[test]
    fn an_orphan_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let program = fs::canonicalize("/bin/sleep").unwrap();
        let mut orphan = std::process::Command::new(&program).arg("60").current_dir(folder.path()).spawn().unwrap();
        let pid_file = folder.path().join("some.pid");
        fs::write(&pid_file, format!("{}\n", orphan.id())).unwrap();
        let reaper = std::thread::spawn(move || orphan.wait().unwrap());
        end_leftover(&pid_file, &program, folder.path(), Signal::TERM).unwrap();
        assert!(!reaper.join().unwrap().success());
    }
}

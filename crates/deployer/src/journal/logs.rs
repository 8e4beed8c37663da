//! The log of each deployment: a file of JSON lines, `deployments/<id>/log.jsonl`, which ends at a bound.
//!
//! A line that cannot be written (no room) is dropped and counted, and the first one that can be says so: a log never
//! stops a step.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::{Journal, JournalError, Result};
use crate::machine::Step;
use crate::release::DeploymentId;
use crate::view::LogLine;

/// The bound of one log, in bytes.
const BOUND_BYTES: u64 = 32 << 20;

/// The longest line, in bytes; the rest of a longer one is cut off, and said.
const LINE_BYTES: usize = 8 << 10;

/// The end of a log, where lines are added.
#[derive(Debug)]
pub struct LogWriter {
    file: File,
    seq: u64,
    size_bytes: u64,
    lost: u64,
}

/// A place in a log, from which it is read on.
#[derive(Debug)]
pub struct LogReader {
    path: PathBuf,
    offset: u64,
    after: u64,
}

impl Journal {
    fn log_path(&self, deployment: DeploymentId) -> PathBuf {
        self.folder.join("deployments").join(deployment.to_string()).join("log.jsonl")
    }

    /// The log's end. A last line that was half written when the deployer was ended is closed.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn log_writer(&self, deployment: DeploymentId) -> Result<LogWriter> {
        let path = self.log_path(deployment);
        let told = |cause| JournalError::File { path: path.clone(), cause };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(told)?;
        }
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(&path).map_err(told)?;
        let mut seq = 0;
        let mut ends_whole = true;
        for line in BufReader::new(&file).split(b'\n') {
            let line = line.map_err(told)?;
            if let Ok(line) = serde_json::from_slice::<LogLine>(&line) {
                seq = seq.max(line.seq);
            }
        }
        let size_bytes = file.metadata().map_err(told)?.len();
        if size_bytes > 0 {
            let mut last = [0];
            file.seek(SeekFrom::Start(size_bytes - 1)).and_then(|_| file.read_exact(&mut last)).map_err(told)?;
            ends_whole = last == *b"\n";
        }
        if !ends_whole {
            file.write_all(b"\n").map_err(told)?;
        }
        Ok(LogWriter { file, seq, size_bytes, lost: 0 })
    }

    /// Reads the log after the line `after`.
    #[must_use]
    pub fn log_reader(&self, deployment: DeploymentId, after: u64) -> LogReader {
        LogReader { path: self.log_path(deployment), offset: 0, after }
    }

    /// Removes the logs and compose files of deployments up to that one which are neither live nor to be gone back to.
    pub(super) fn remove_logs_up_to(&self, last: i64) -> Result<usize> {
        let folder = self.folder.join("deployments");
        let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(0) };
        let mut removed = 0;
        for entry in entries.flatten() {
            let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<i64>().ok()) else { continue };
            let log = entry.path().join("log.jsonl");
            if id <= last && log.exists() {
                std::fs::remove_file(&log).map_err(|cause| JournalError::File { path: log, cause })?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

impl LogWriter {
    /// Adds a line; false when it was dropped.
    pub fn add(&mut self, at: DateTime<Utc>, step: Option<Step>, line: &str) -> bool {
        if self.size_bytes >= BOUND_BYTES {
            return false;
        }
        if self.lost > 0 {
            let words = format!("({} lines before this one could not be written)", self.lost);
            if !self.put(at, step, &words) {
                self.lost += 1;
                return false;
            }
            self.lost = 0;
        }
        let written = self.put(at, step, &cut(line));
        if !written {
            self.lost += 1;
        }
        if written && self.size_bytes >= BOUND_BYTES {
            self.put(at, step, &format!("(the log ends here: it has {} MiB)", BOUND_BYTES >> 20));
        }
        written
    }

    fn put(&mut self, at: DateTime<Utc>, step: Option<Step>, line: &str) -> bool {
        let line = LogLine { seq: self.seq + 1, at, step, line: line.to_owned() };
        let Ok(mut text) = serde_json::to_vec(&line) else { return false };
        text.push(b'\n');
        match self.file.write_all(&text) {
            Ok(()) => {
                self.seq += 1;
                self.size_bytes += text.len() as u64;
                true
            }
            Err(_) => false,
        }
    }
}

fn cut(line: &str) -> String {
    let line = line.trim_end_matches(['\r', '\n']);
    if line.len() <= LINE_BYTES {
        return line.to_owned();
    }
    let mut end = LINE_BYTES;
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    format!("{} (cut off: {} bytes)", &line[..end], line.len())
}

impl LogReader {
    /// The next lines, at most `limit`; none where nothing new is there.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next(&mut self, limit: usize) -> Result<Vec<LogLine>> {
        let path = self.path.clone();
        let told = |cause| JournalError::File { path: path.clone(), cause };
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(told(cause)),
        };
        file.seek(SeekFrom::Start(self.offset)).map_err(told)?;
        let mut reader = BufReader::new(file);
        let mut lines = Vec::new();
        let mut text = Vec::new();
        while lines.len() < limit {
            text.clear();
            let read = reader.read_until(b'\n', &mut text).map_err(told)?;
            // A line that is being written is read when it is whole.
            if read == 0 || text.last() != Some(&b'\n') {
                break;
            }
            self.offset += read as u64;
            if let Ok(line) = serde_json::from_slice::<LogLine>(&text)
                && line.seq > self.after
            {
                lines.push(line);
            }
        }
        Ok(lines)
    }
}

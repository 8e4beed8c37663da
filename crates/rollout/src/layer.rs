//! A layer of an image: a few files in a tar (POSIX ustar), compressed.

use std::io::Write as _;

use anyhow::{Context, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::registry::sha256;

const BLOCK: usize = 512;

/// A file of a layer.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path from the root, without the first slash.
    pub path: String,
    /// Whether it can be run.
    pub executable: bool,
    /// Its content.
    pub content: Vec<u8>,
}

/// A layer.
pub(crate) struct Layer {
    pub(crate) compressed: Vec<u8>,
    /// Of what it is uncompressed: how an image names it.
    pub(crate) plain_digest: String,
}

/// Makes it; the same files make the same layer.
pub(crate) fn make(files: &[File]) -> anyhow::Result<Layer> {
    let mut tar = Vec::new();
    for file in files {
        tar.extend_from_slice(&header(file)?);
        tar.extend_from_slice(&file.content);
        tar.resize(tar.len().next_multiple_of(BLOCK), 0);
    }
    tar.resize(tar.len() + 2 * BLOCK, 0);
    let plain_digest = sha256(&tar);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&tar).context("compress a layer")?;
    Ok(Layer { compressed: encoder.finish().context("compress a layer")?, plain_digest })
}

fn header(file: &File) -> anyhow::Result<[u8; BLOCK]> {
    ensure!(file.path.len() <= 100, "{} is longer than a tar's name", file.path);
    let mut header = [0_u8; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, file.path.as_bytes());
    put(100, if file.executable { b"0000755" } else { b"0000644" });
    put(108, b"0000000");
    put(116, b"0000000");
    put(124, format!("{:011o}", file.content.len()).as_bytes());
    put(136, b"00000000000");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\0");
    put(263, b"00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(header)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn tar_itself_reads_it() {
        let file = File { path: "usr/bin/x".to_owned(), executable: true, content: b"hello\n".to_vec() };
        let layer = make(&[file]).unwrap();
        let mut tar = Command::new("tar")
            .args(["--list", "--verbose", "--gzip", "--file=-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        tar.stdin.take().unwrap().write_all(&layer.compressed).unwrap();
        let listed = String::from_utf8(tar.wait_with_output().unwrap().stdout).unwrap();
        assert!(listed.starts_with("-rwxr-xr-x") && listed.contains(" 6 ") && listed.contains("usr/bin/x"), "{listed}");
    }
}

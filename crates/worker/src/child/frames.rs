//! Frames: four bytes of length (little-endian), then JSON. Read and written on both ends, blocking and not.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Longer frames are refused on both ends: a result has to fit a row that people will download.
const LONGEST: usize = 64 << 20;

pub(super) fn encode<T: Serialize>(message: &T) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, message).map_err(io::Error::other)?;
    let length = frame.len() - 4;
    if length > LONGEST {
        return Err(io::Error::other(format!("a message of {length} bytes; at most {LONGEST} are passed on")));
    }
    frame[..4].copy_from_slice(&u32::try_from(length).map_err(io::Error::other)?.to_le_bytes());
    Ok(frame)
}

fn length(header: [u8; 4]) -> io::Result<usize> {
    let length = usize::try_from(u32::from_le_bytes(header)).map_err(io::Error::other)?;
    if length > LONGEST { Err(io::Error::other(format!("a frame of {length} bytes"))) } else { Ok(length) }
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> io::Result<T> {
    serde_json::from_slice(body).map_err(io::Error::other)
}

pub(super) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    let mut header = [0; 4];
    from.read_exact(&mut header)?;
    let mut body = vec![0; length(header)?];
    from.read_exact(&mut body)?;
    decode(&body)
}

pub(super) fn write<T: Serialize>(to: &mut impl Write, message: &T) -> io::Result<()> {
    to.write_all(&encode(message)?)?;
    to.flush()
}

pub(super) async fn read_async<T: DeserializeOwned>(from: &mut (impl AsyncRead + Unpin)) -> io::Result<T> {
    let mut header = [0; 4];
    from.read_exact(&mut header).await?;
    let mut body = vec![0; length(header)?];
    from.read_exact(&mut body).await?;
    decode(&body)
}

/// Sends a frame that [`encode`] made.
pub(super) async fn send(to: &mut (impl AsyncWrite + Unpin), frame: &[u8]) -> io::Result<()> {
    to.write_all(frame).await?;
    to.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_back_as_written_and_a_torn_one_does_not() {
        let frame = encode(&"hello").unwrap();
        assert_eq!(read::<String>(&mut frame.as_slice()).unwrap(), "hello");
        for end in 0..frame.len() {
            assert!(read::<String>(&mut &frame[..end]).is_err(), "{end} bytes");
        }
    }

    #[test]
    fn an_absurd_length_allocates_nothing() {
        let error = read::<String>(&mut [0xff, 0xff, 0xff, 0xff, 0].as_slice()).unwrap_err();
        assert!(error.to_string().contains("4294967295"), "{error}");
    }
}

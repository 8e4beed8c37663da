//! Unpacking one page, to exactly the size that its header says.
//!
//! The library's own gzip goes on as long as there are data, whatever the header says; these all stop.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use parquet::basic::CompressionCodec;

/// Why a page was not unpacked.
pub(super) enum Refusal {
    /// It is packed by something that is not read here.
    Method(&'static str),
    /// It is not what its header says.
    Damaged(String),
}

/// The method's name when it is one that is not read here.
pub(super) const fn unknown_method(codec: CompressionCodec) -> Option<&'static str> {
    match codec {
        CompressionCodec::LZO => Some("lzo"),
        CompressionCodec::BROTLI => Some("brotli"),
        CompressionCodec::LZ4 => Some("lz4 in its old framing"),
        _ => None,
    }
}

/// Unpacks a page; never takes more memory than `size`.
pub(super) fn unpack(codec: CompressionCodec, packed: Bytes, size: usize) -> Result<Bytes, Refusal> {
    let unpacked = match codec {
        CompressionCodec::UNCOMPRESSED => packed,
        // A page without values may have no packed bytes at all.
        _ if size == 0 => Bytes::new(),
        CompressionCodec::SNAPPY => snappy(&packed, size)?,
        CompressionCodec::GZIP => gzip(&packed, size)?,
        CompressionCodec::ZSTD => zstd::bulk::decompress(&packed, size).map_err(damaged)?.into(),
        CompressionCodec::LZ4_RAW => {
            let mut unpacked = vec![0; size];
            let count = lz4_flex::block::decompress_into(&packed, &mut unpacked).map_err(damaged)?;
            unpacked.truncate(count);
            unpacked.into()
        }
        other => return Err(Refusal::Method(unknown_method(other).unwrap_or("a method that is not known"))),
    };
    if unpacked.len() == size {
        Ok(unpacked)
    } else {
        Err(damaged(format!("a page has {} bytes where its header says {size}", unpacked.len())))
    }
}

fn snappy(packed: &[u8], size: usize) -> Result<Bytes, Refusal> {
    let says = snap::raw::decompress_len(packed).map_err(damaged)?;
    if says != size {
        return Err(damaged(format!("a page has {says} bytes where its header says {size}")));
    }
    Ok(snap::raw::Decoder::new().decompress_vec(packed).map_err(damaged)?.into())
}

fn gzip(packed: &[u8], size: usize) -> Result<Bytes, Refusal> {
    let mut unpacked = Vec::with_capacity(size + 1);
    MultiGzDecoder::new(packed).take(size as u64 + 1).read_to_end(&mut unpacked).map_err(damaged)?;
    if unpacked.len() > size {
        return Err(damaged(format!("a page has more than the {size} bytes that its header says")));
    }
    Ok(unpacked.into())
}

fn damaged(reason: impl std::fmt::Display) -> Refusal {
    Refusal::Damaged(reason.to_string())
}

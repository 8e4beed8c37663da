//! What comes out of the steps, written as it was read and stored like an upload.
//!
//! Two threads besides those of the upload: this one computes, the other stores. Neither is more than
//! [`PIECES_UNDER_WAY`] pieces ahead.

use std::io::{self, Write as _};

use bytes::Bytes;
use domain::dataset::{ColumnType, TextFormat};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream;
use tokio::sync::mpsc;

use super::RecipeError;
use super::plan::Plan;
use crate::objects::Objects;
use crate::text::Limits;
use crate::upload::{Received, UploadError, receive};

const PIECE_BYTES: usize = 64 * 1024;
const PIECES_UNDER_WAY: usize = 8;

/// Computes and stores; the schema is what the upload's check found, with the types of untouched columns kept.
pub(super) fn write(
    objects: &Objects,
    key: &str,
    format: TextFormat,
    mut plan: Plan<'_, '_>,
) -> Result<Received, RecipeError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| RecipeError::Internal(format!("no runtime to store with: {error}")))?;
    let (pieces, waiting) = mpsc::channel(PIECES_UNDER_WAY);
    let (computed, stored) = std::thread::scope(|scope| {
        let storing = scope.spawn(move || runtime.block_on(store(objects, key, format.delimiter, waiting)));
        let mut output = Output { encoder: Encoder::new(format, plan.columns().len()), pieces };
        let computed = output.all_of(&mut plan);
        drop(output);
        (computed, storing.join())
    });
    let stored = stored.map_err(|_| RecipeError::Internal("the storing thread panicked".to_owned()))?;
    // Where both failed, one is because of the other: `Stopped` says that this side did not begin it.
    match (computed, stored) {
        (Ok(()), stored) => Ok(with_kept_types(stored?, &plan)),
        (Err(Stop::Because(error)), _) => Err(error),
        (Err(Stop::NobodyListens), Err(error)) => Err(error.into()),
        (Err(Stop::NobodyListens), Ok(_)) => Err(RecipeError::Internal("stored before all was there".to_owned())),
    }
}

/// Why no more is computed.
enum Stop {
    Because(RecipeError),
    NobodyListens,
}

type Piece = Result<Bytes, io::Error>;

async fn store(
    objects: &Objects,
    key: &str,
    delimiter: u8,
    waiting: mpsc::Receiver<Piece>,
) -> Result<Received, UploadError> {
    let pieces = stream::unfold(waiting, |mut waiting| async { Some((waiting.recv().await?, waiting)) });
    receive(objects, key, pieces, Some(delimiter), &Limits::CHECKED).await
}

struct Output {
    encoder: Encoder,
    pieces: mpsc::Sender<Piece>,
}

impl Output {
    fn all_of(&mut self, plan: &mut Plan<'_, '_>) -> Result<(), Stop> {
        let names: Vec<String> = plan.columns().iter().map(|column| column.name.clone()).collect();
        self.encoder.header(&names).map_err(|error| Stop::Because(encoding(&error)))?;
        let mut gone = false;
        let computed = plan.each_row(&mut |row| {
            self.encoder.record(row.fields()).map_err(|error| encoding(&error))?;
            gone = !self.send_when_full();
            if gone { Err(RecipeError::Internal("nobody listens".to_owned())) } else { Ok(()) }
        });
        match computed {
            Err(_) if gone => return Err(Stop::NobodyListens),
            Err(error) => {
                // The object must not appear: the stream ends with an error.
                let _ = self.pieces.blocking_send(Err(io::Error::other("the recipe was refused")));
                return Err(Stop::Because(error));
            }
            Ok(()) => {}
        }
        let rest = self.encoder.finish().map_err(|error| Stop::Because(encoding(&error)))?;
        if self.send(rest) { Ok(()) } else { Err(Stop::NobodyListens) }
    }

    fn send_when_full(&mut self) -> bool {
        if self.encoder.written().len() < PIECE_BYTES {
            return true;
        }
        let piece = std::mem::take(self.encoder.written());
        self.send(piece)
    }

    fn send(&self, piece: Vec<u8>) -> bool {
        piece.is_empty() || self.pieces.blocking_send(Ok(piece.into())).is_ok()
    }
}

fn encoding(error: &io::Error) -> RecipeError {
    RecipeError::Internal(format!("a row could not be encoded: {error}"))
}

/// Rows as delimited text, compressed where the source was.
struct Encoder {
    delimiter: u8,
    /// A row of one empty field would be an empty line, which is no row.
    quotes_empty: bool,
    line: Vec<u8>,
    sink: Sink,
}

enum Sink {
    Plain(Vec<u8>),
    Gzip(Box<GzEncoder<Vec<u8>>>),
}

impl Encoder {
    fn new(format: TextFormat, columns: usize) -> Self {
        let sink = if format.gzip {
            Sink::Gzip(Box::new(GzEncoder::new(Vec::new(), Compression::default())))
        } else {
            Sink::Plain(Vec::new())
        };
        Self { delimiter: format.delimiter, quotes_empty: columns == 1, line: Vec::new(), sink }
    }

    fn header(&mut self, names: &[String]) -> io::Result<()> {
        self.record(names.iter().map(String::as_bytes))
    }

    fn record<'f>(&mut self, fields: impl Iterator<Item = &'f [u8]>) -> io::Result<()> {
        self.line.clear();
        for (index, field) in fields.enumerate() {
            if index > 0 {
                self.line.push(self.delimiter);
            }
            self.field(field);
        }
        self.line.push(b'\n');
        match &mut self.sink {
            Sink::Plain(bytes) => bytes.extend_from_slice(&self.line),
            Sink::Gzip(encoder) => encoder.write_all(&self.line)?,
        }
        Ok(())
    }

    fn field(&mut self, field: &[u8]) {
        const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
        let is_special = |&byte: &u8| byte == self.delimiter || matches!(byte, b'"' | b'\r' | b'\n');
        let needs_quotes = field.iter().any(is_special)
            || (field.is_empty() && self.quotes_empty)
            // At the start of a file it would be taken for the file's own.
            || field.starts_with(BYTE_ORDER_MARK);
        if !needs_quotes {
            return self.line.extend_from_slice(field);
        }
        self.line.push(b'"');
        for &byte in field {
            if byte == b'"' {
                self.line.push(b'"');
            }
            self.line.push(byte);
        }
        self.line.push(b'"');
    }

    fn written(&mut self) -> &mut Vec<u8> {
        match &mut self.sink {
            Sink::Plain(bytes) => bytes,
            Sink::Gzip(encoder) => encoder.get_mut(),
        }
    }

    fn finish(&mut self) -> io::Result<Vec<u8>> {
        if let Sink::Gzip(encoder) = &mut self.sink {
            encoder.try_finish()?;
        }
        Ok(std::mem::take(self.written()))
    }
}

/// A column that no step computed keeps its type, whatever rows are left of it: codes stay text when `007` is filtered
/// out. One that has no value left is empty.
fn with_kept_types(mut received: Received, plan: &Plan<'_, '_>) -> Received {
    let rows = received.schema.rows;
    for (column, planned) in received.schema.columns.iter_mut().zip(plan.columns()) {
        if !planned.is_made {
            column.column_type = if column.missing == rows { ColumnType::Empty } else { planned.column_type };
        }
    }
    received
}

//! Server-sent events as they arrive (WHATWG HTML, section 9.2.6): the part of the format that the platform uses.

use std::collections::VecDeque;

use anyhow::Context;
use futures::StreamExt as _;
use futures::stream::BoxStream;

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The `id` field: `{attempt}-{seq}`, empty when there was none yet.
    pub id: String,
    /// The `event` field.
    pub name: String,
    /// The `data` fields, joined by newlines.
    pub data: String,
}

/// Events of one response.
pub struct Events {
    bytes: BoxStream<'static, reqwest::Result<Vec<u8>>>,
    parser: Parser,
    ready: VecDeque<Event>,
}

impl Events {
    pub(super) fn of(response: reqwest::Response) -> Self {
        let bytes = response.bytes_stream().map(|chunk| chunk.map(|chunk| chunk.to_vec())).boxed();
        Self { bytes, parser: Parser::default(), ready: VecDeque::new() }
    }

    /// The next event; `None` when the server closed the stream.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn next(&mut self) -> anyhow::Result<Option<Event>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            let Some(chunk) = self.bytes.next().await else { return Ok(None) };
            self.ready.extend(self.parser.feed(&chunk.context("the stream of events broke")?));
        }
    }
}

#[derive(Default)]
struct Parser {
    /// Bytes after the last line break.
    rest: Vec<u8>,
    event: Event,
    has_data: bool,
}

impl Parser {
    fn feed(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        self.rest.extend_from_slice(bytes);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            events.extend(self.line(line.trim_end_matches(['\r', '\n'])));
        }
        events
    }

    fn line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event.name),
            // The id stays for the events that follow.
            "id" => value.clone_into(&mut self.event.id),
            "data" => {
                if self.has_data {
                    self.event.data.push('\n');
                }
                self.has_data = true;
                self.event.data.push_str(value);
            }
            // Comments (an empty field name) keep the connection alive; `retry` is for browsers.
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<Event> {
        let complete = self.has_data;
        let event = Event { id: self.event.id.clone(), ..std::mem::take(&mut self.event) };
        self.event.id.clone_from(&event.id);
        self.has_data = false;
        complete.then_some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, name: &str, data: &str) -> Event {
        Event { id: id.to_owned(), name: name.to_owned(), data: data.to_owned() }
    }

    #[test]
    fn events_are_found_however_the_bytes_are_cut() {
        let text =
            ": hello\n\nid: 1-1\nevent: progress\ndata: {\"fraction\":0.5}\n\ndata: a\r\ndata: b\r\n\r\nevent: x\n\n";
        let expected = [event("1-1", "progress", "{\"fraction\":0.5}"), event("1-1", "", "a\nb")];
        for size in 1..text.len() {
            let mut parser = Parser::default();
            let events: Vec<Event> = text.as_bytes().chunks(size).flat_map(|chunk| parser.feed(chunk)).collect();
            assert_eq!(events, expected, "chunks of {size}");
        }
    }
}

//! Redis Streams: dispatch entries and live progress. Holds nothing that cannot be rebuilt.

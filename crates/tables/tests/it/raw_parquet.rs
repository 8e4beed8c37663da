//! Parquet files written byte by byte, to say what no writer would.

/// A Thrift structure in the compact protocol; fields in ascending order.
#[derive(Default, Clone)]
pub(crate) struct Structure {
    bytes: Vec<u8>,
    last: u8,
}

fn varint(mut value: u64, bytes: &mut Vec<u8>) {
    while value >= 0x80 {
        bytes.push(u8::try_from(value & 0x7F).unwrap() | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
}

impl Structure {
    fn head(&mut self, id: u8, kind: u8) {
        self.bytes.push(((id - self.last) << 4) | kind);
        self.last = id;
    }

    pub(crate) fn i32(self, id: u8, value: i64) -> Self {
        self.integer(id, 5, value)
    }

    pub(crate) fn i64(self, id: u8, value: i64) -> Self {
        self.integer(id, 6, value)
    }

    fn integer(mut self, id: u8, kind: u8, value: i64) -> Self {
        self.head(id, kind);
        varint((value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned(), &mut self.bytes);
        self
    }

    pub(crate) fn text(mut self, id: u8, text: &str) -> Self {
        self.head(id, 8);
        varint(text.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    pub(crate) fn structure(mut self, id: u8, inner: Self) -> Self {
        self.head(id, 12);
        self.bytes.extend(inner.end());
        self
    }

    pub(crate) fn list(self, id: u8, elements: &[Self]) -> Self {
        let bytes: Vec<u8> = elements.iter().flat_map(|element| element.clone().end()).collect();
        self.raw_list(id, 12, elements.len() as u64, &bytes)
    }

    /// A list that says to have so many elements.
    pub(crate) fn raw_list(mut self, id: u8, kind: u8, count: u64, bytes: &[u8]) -> Self {
        self.head(id, 9);
        self.bytes.push(0xF0 | kind);
        varint(count, &mut self.bytes);
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub(crate) fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

/// A file of one column `x` and one row group.
pub(crate) struct RawFile {
    /// Headers and bodies.
    pub(crate) pages: Vec<u8>,
    /// Physical: 2 is INT64, 6 `BYTE_ARRAY` (as a string).
    pub(crate) kind: i64,
    /// 0 none, 1 snappy, 2 gzip, 6 zstd, 7 `lz4_raw`.
    pub(crate) codec: i64,
    pub(crate) rows: i64,
}

pub(crate) const INT64: i64 = 2;
pub(crate) const STRING: i64 = 6;

impl RawFile {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let leaf = Structure::default().i32(1, self.kind).i32(3, 0).text(4, "x");
        let leaf = if self.kind == STRING { leaf.i32(6, 0) } else { leaf };
        let schema = [Structure::default().text(4, "table").i32(5, 1), leaf];
        let size = length(&self.pages);
        let column = Structure::default()
            .i32(1, self.kind)
            .raw_list(2, 5, 1, &[0])
            .raw_list(3, 8, 1, b"\x01x")
            .i32(4, self.codec)
            .i64(5, self.rows)
            .i64(6, size)
            .i64(7, size)
            .i64(9, 4);
        let chunk = Structure::default().i64(2, 4).structure(3, column);
        let group = Structure::default().list(1, &[chunk]).i64(2, size).i64(3, self.rows);
        let footer = Structure::default().i32(1, 1).list(2, &schema).i64(3, self.rows).list(4, &[group]);
        with_footer(&self.pages, &footer.end())
    }
}

/// A file of these bytes, with this footer.
pub(crate) fn with_footer(pages: &[u8], footer: &[u8]) -> Vec<u8> {
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    [b"PAR1", pages, footer, length.as_slice(), b"PAR1"].concat()
}

pub(crate) fn length(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap()
}

/// A data page of the first version.
pub(crate) fn data_page(values: i64, encoding: i64, unpacked: i64, body: &[u8]) -> Vec<u8> {
    let data = Structure::default().i32(1, values).i32(2, encoding).i32(3, 3).i32(4, 3);
    let header = Structure::default().i32(1, 0).i32(2, unpacked).i32(3, length(body)).structure(5, data);
    [header.end(), body.to_vec()].concat()
}

/// A dictionary page.
pub(crate) fn dictionary_page(values: i64, unpacked: i64, body: &[u8]) -> Vec<u8> {
    let dictionary = Structure::default().i32(1, values).i32(2, 0);
    let header = Structure::default().i32(1, 2).i32(2, unpacked).i32(3, length(body)).structure(7, dictionary);
    [header.end(), body.to_vec()].concat()
}

/// Indices into a dictionary: all the same, run-length encoded, one bit wide.
pub(crate) fn same_index(count: u64) -> Vec<u8> {
    let mut body = vec![1];
    varint(count << 1, &mut body);
    body.push(0);
    body
}

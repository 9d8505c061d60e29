//! Rows in COPY's binary format, streamed: the server parses nothing, and we hold nothing.

use std::io::{self, Write};

use chrono::{DateTime, Utc};

/// 2000-01-01, from which PostgreSQL counts microseconds.
const EPOCH: i64 = 946_684_800_000_000;
const FULL: usize = 64 * 1024;

/// Writes rows, a column after the other, in the order in which COPY names them.
pub struct Rows<'a> {
    out: &'a mut dyn Write,
    buffer: Vec<u8>,
}

impl<'a> Rows<'a> {
    /// Begins.
    pub fn begin(out: &'a mut dyn Write) -> Self {
        let mut buffer = Vec::with_capacity(FULL + 4096);
        buffer.extend_from_slice(b"PGCOPY\n\xff\r\n\0");
        // no flags, no further header
        buffer.extend_from_slice(&[0; 8]);
        Self { out, buffer }
    }

    /// The next row has so many columns.
    pub fn row(&mut self, columns: i16) -> io::Result<()> {
        if self.buffer.len() > FULL {
            self.out.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        self.buffer.extend_from_slice(&columns.to_be_bytes());
        Ok(())
    }

    /// Nothing more comes.
    pub fn end(mut self) -> io::Result<()> {
        self.buffer.extend_from_slice(&(-1_i16).to_be_bytes());
        self.out.write_all(&self.buffer)
    }

    fn field(&mut self, parts: &[&[u8]]) {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        self.buffer.extend_from_slice(&i32::try_from(length).unwrap_or(i32::MAX).to_be_bytes());
        parts.iter().for_each(|part| self.buffer.extend_from_slice(part));
    }

    /// NULL.
    pub fn null(&mut self) {
        self.buffer.extend_from_slice(&(-1_i32).to_be_bytes());
    }

    /// `bigint`
    pub fn bigint(&mut self, value: i64) {
        self.field(&[&value.to_be_bytes()]);
    }

    /// `boolean`
    pub fn boolean(&mut self, value: bool) {
        self.field(&[&[u8::from(value)]]);
    }

    /// `text`
    pub fn text(&mut self, value: &str) {
        self.field(&[value.as_bytes()]);
    }

    /// `text`, or NULL
    pub fn text_or_null(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.text(value),
            None => self.null(),
        }
    }

    /// `jsonb`, from its text
    pub fn json(&mut self, value: &str) {
        // the format's version goes before
        self.field(&[&[1], value.as_bytes()]);
    }

    /// `timestamptz`
    pub fn moment(&mut self, value: DateTime<Utc>) {
        self.bigint(value.timestamp_micros() - EPOCH);
    }

    /// `timestamptz`, or NULL
    pub fn moment_or_null(&mut self, value: Option<DateTime<Utc>>) {
        match value {
            Some(value) => self.moment(value),
            None => self.null(),
        }
    }
}

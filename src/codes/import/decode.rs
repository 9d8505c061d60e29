//! Files of every program become bytes that can be cut at line ends: UTF-16 is turned into UTF-8, all else stays.

/// Knows after the first bytes what the file is.
pub(super) struct Decoder {
    state: State,
    /// A byte, or half a character, that waits for the next piece.
    rest: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unknown,
    Bytes,
    Utf16 { big: bool },
}

impl Decoder {
    pub fn new() -> Self {
        Self { state: State::Unknown, rest: Vec::new() }
    }

    /// Takes the next piece and appends what is whole by now.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        self.rest.extend_from_slice(piece);
        if self.state == State::Unknown {
            if self.rest.len() < 4 {
                return;
            }
            self.begin();
        }
        self.turn(out);
    }

    /// The file is over.
    pub fn end(&mut self, out: &mut Vec<u8>) {
        if self.state == State::Unknown {
            self.begin();
        }
        self.turn(out);
        if !self.rest.is_empty() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }

    /// By the mark at the beginning; without one, plain letters have a zero byte in UTF-16.
    fn begin(&mut self) {
        let (state, mark) = match self.rest.as_slice() {
            [0xff, 0xfe, ..] => (State::Utf16 { big: false }, 2),
            [0xfe, 0xff, ..] => (State::Utf16 { big: true }, 2),
            [0xef, 0xbb, 0xbf, ..] => (State::Bytes, 3),
            [a, 0, b, 0, ..] if *a != 0 && *b != 0 => (State::Utf16 { big: false }, 0),
            [0, a, 0, b, ..] if *a != 0 && *b != 0 => (State::Utf16 { big: true }, 0),
            _ => (State::Bytes, 0),
        };
        self.state = state;
        self.rest.drain(..mark);
    }

    fn turn(&mut self, out: &mut Vec<u8>) {
        let State::Utf16 { big } = self.state else { return out.append(&mut self.rest) };
        let units: Vec<u16> = self
            .rest
            .chunks_exact(2)
            .map(
                |pair| {
                    if big { u16::from_be_bytes([pair[0], pair[1]]) } else { u16::from_le_bytes([pair[0], pair[1]]) }
                },
            )
            .collect();
        // the first half of a pair waits for the second
        let half = units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit));
        let whole = units.len() - usize::from(half);
        let text: String =
            char::decode_utf16(units[..whole].iter().copied()).map(|c| c.unwrap_or('\u{fffd}')).collect();
        out.extend_from_slice(text.as_bytes());
        self.rest.drain(..whole * 2);
    }
}

/// A cell's text: UTF-8, or where it is none, Western European (Windows-1252 but for its signs).
pub(super) fn text(cell: &[u8]) -> String {
    match std::str::from_utf8(cell) {
        Ok(text) => text.to_owned(),
        Err(_) => cell.iter().map(|byte| char::from(*byte)).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn decoded(file: &[u8], piece: usize) -> Vec<u8> {
        let (mut decoder, mut out) = (Decoder::new(), Vec::new());
        file.chunks(piece).for_each(|piece| decoder.push(piece, &mut out));
        decoder.end(&mut out);
        out
    }

    #[test]
    fn marks_are_read_and_dropped() {
        assert_eq!(decoded(b"\xef\xbb\xbfA,B", 2), b"A,B");
        assert_eq!(decoded(b"A", 1), b"A");
        assert_eq!(decoded(b"", 1), b"");
        assert_eq!(decoded(b"A\0B\0C\0", 3), b"ABC");
        assert_eq!(text(b"Caf\xe9"), "Café");
    }

    proptest! {
        #[test]
        fn however_it_is_cut_it_is_the_same(text in "[A-Z]{2}\\PC{0,40}", big in any::<bool>(), piece in 1..7_usize) {
            let mut file = if big { vec![0xfe, 0xff] } else { vec![0xff, 0xfe] };
            for unit in text.encode_utf16() {
                file.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
            }
            prop_assert_eq!(decoded(&file, piece), text.as_bytes());
            prop_assert_eq!(decoded(text.as_bytes(), piece), text.as_bytes());
        }
    }
}

//! As much CBOR (RFC 8949) as authenticators send: whole numbers, texts, bytes, lists and maps of a known length.

use super::Invalid;

/// A value; what is not read (tags, floats) is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Number(i64),
    Bytes(Vec<u8>),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
    /// true, false, null
    Simple(u8),
}

/// Deeper than any key or attestation.
const DEPTH: usize = 6;

impl Value {
    /// The first value, and what comes after it.
    pub fn read(bytes: &[u8]) -> Result<(Self, &[u8]), Invalid> {
        read(bytes, DEPTH)
    }

    /// A map's value under a key.
    pub fn get(&self, key: &Value) -> Option<&Value> {
        match self {
            Self::Map(pairs) => pairs.iter().find(|(known, _)| known == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Under a numbered key.
    pub fn at(&self, key: i64) -> Option<&Value> {
        self.get(&Self::Number(key))
    }

    /// Its bytes.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Its number.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

const CUT: Invalid = Invalid("CBOR is cut");

fn read(bytes: &[u8], depth: usize) -> Result<(Value, &[u8]), Invalid> {
    let depth = depth.checked_sub(1).ok_or(Invalid("CBOR is too deep"))?;
    let (&first, rest) = bytes.split_first().ok_or(CUT)?;
    let (kind, (size, rest)) = (first >> 5, argument(first & 31, rest)?);
    match kind {
        0 => Ok((Value::Number(i64::try_from(size).map_err(|_| CUT)?), rest)),
        1 => Ok((Value::Number(-1 - i64::try_from(size).map_err(|_| CUT)?), rest)),
        2 | 3 => {
            let (part, rest) = rest.split_at_checked(usize::try_from(size).map_err(|_| CUT)?).ok_or(CUT)?;
            if kind == 2 {
                return Ok((Value::Bytes(part.to_vec()), rest));
            }
            let text = String::from_utf8(part.to_vec()).map_err(|_| Invalid("CBOR text is no text"))?;
            Ok((Value::Text(text), rest))
        }
        4 => {
            let (mut list, mut rest) = (Vec::new(), rest);
            for _ in 0..size {
                let (value, after) = read(rest, depth)?;
                list.push(value);
                rest = after;
            }
            Ok((Value::List(list), rest))
        }
        5 => {
            let (mut pairs, mut rest) = (Vec::new(), rest);
            for _ in 0..size {
                let (key, after) = read(rest, depth)?;
                let (value, after) = read(after, depth)?;
                pairs.push((key, value));
                rest = after;
            }
            Ok((Value::Map(pairs), rest))
        }
        7 if first & 31 < 24 => Ok((Value::Simple(first & 31), rest)),
        _ => Err(Invalid("CBOR of another kind")),
    }
}

/// The number that follows a first byte; without an end (31) is not allowed.
fn argument(short: u8, rest: &[u8]) -> Result<(u64, &[u8]), Invalid> {
    let size = match short {
        0..=23 => return Ok((short.into(), rest)),
        24..=27 => 1usize << (short - 24),
        _ => return Err(Invalid("CBOR without an end")),
    };
    let (part, rest) = rest.split_at_checked(size).ok_or(CUT)?;
    Ok((part.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)), rest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_authenticators_send_is_read() {
        let bytes = b"\xa3\x01\x02\x03\x26\x63fmtd\x58\x02\x07\x08!".to_vec();
        let bytes = [&bytes[..9], b"\x42\x07\x08!"].concat();
        let (value, rest) = Value::read(&bytes).unwrap();
        assert_eq!(rest, b"!");
        assert_eq!((value.at(1), value.at(3)), (Some(&Value::Number(2)), Some(&Value::Number(-7))));
        assert_eq!(value.get(&Value::Text("fmt".into())).unwrap().bytes(), Some(&[7, 8][..]));
        assert_eq!(Value::read(b"\x39\x01\x00").unwrap().0, Value::Number(-257));
        assert_eq!(Value::read(b"\x82\xf5\xf6").unwrap().0, Value::List(vec![Value::Simple(21), Value::Simple(22)]));
    }

    #[test]
    fn what_is_cut_endless_or_too_deep_is_refused() {
        for bytes in [
            &b""[..],
            b"\x58",
            b"\x42\x00",
            b"\x5f",
            b"\xbf",
            b"\xc0\x00",
            b"\xfb\x00",
            b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        ] {
            assert!(Value::read(bytes).is_err(), "{bytes:?}");
        }
        assert!(Value::read(&[0x81; 1000]).is_err());
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Value::read(&bytes);
        }
    }
}

//! Why a row is not taken in.

use crate::codes::barcode::Barcode;
use crate::codes::text::CodeText;

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The cell is empty, or there is no such cell.
    Empty,
    /// Too long for a code.
    Long,
    /// Something else than letters and digits is in it.
    Characters,
    /// The campaign's barcode cannot show it.
    Barcode,
    /// It stands further up.
    Twice,
    /// A coupon has this code already.
    Known,
}

impl Reason {
    const ALL: [Reason; 6] =
        [Reason::Empty, Reason::Long, Reason::Characters, Reason::Barcode, Reason::Twice, Reason::Known];

    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Reason::Empty => "empty",
            Reason::Long => "long",
            Reason::Characters => "characters",
            Reason::Barcode => "barcode",
            Reason::Twice => "twice",
            Reason::Known => "known",
        }
    }

    /// As told.
    pub fn words(self) -> &'static str {
        match self {
            Reason::Empty => "There is no code in this row",
            Reason::Long => "The code is longer than 32 characters",
            Reason::Characters => "The code has other characters than the letters A to Z and digits",
            Reason::Barcode => "The campaign’s barcode cannot show this code",
            Reason::Twice => "The code stands further up in the file",
            Reason::Known => "A coupon has this code already",
        }
    }

    /// What is stored under this key, in words.
    pub fn words_of(key: &str) -> &'static str {
        Self::ALL.into_iter().find(|reason| reason.key() == key).map_or("", Reason::words)
    }

    /// Reads a cell as a code for this barcode.
    pub fn judge(cell: &str, barcode: Barcode) -> Result<CodeText, Reason> {
        match CodeText::parse(cell) {
            Ok(code) if barcode.fits(code.as_str()).is_err() => Err(Reason::Barcode),
            Ok(code) => Ok(code),
            Err(_) if !cell.chars().any(|c| c.is_alphanumeric() || c.is_ascii_punctuation() && c != '-') => {
                Err(Reason::Empty)
            }
            Err(why) if why.starts_with("Use at most") => Err(Reason::Long),
            Err(_) => Err(Reason::Characters),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn cells_are_judged() {
        let judge = |cell: &str| Reason::judge(cell, Barcode::Qr).map(CodeText::into_string);
        assert_eq!(judge(" abc-123 "), Ok("ABC123".into()));
        for (cell, reason) in [
            ("", Reason::Empty),
            (" - ", Reason::Empty),
            ("ABC_1", Reason::Characters),
            ("=1+1", Reason::Characters),
            ("CAFÉ", Reason::Characters),
            (&"A".repeat(33), Reason::Long),
        ] {
            assert_eq!(judge(cell), Err(reason), "{cell}");
        }
        assert_eq!(Reason::judge("ABC", Barcode::Ean13), Err(Reason::Barcode));
        assert_eq!(Reason::words_of("twice"), Reason::Twice.words());
    }
}

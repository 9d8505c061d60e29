//! How many messages a text takes: networks count septets, or 16-bit units where one character needs it.

/// How the text is encoded on the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsEncoding {
    Gsm7,
    Ucs2,
}

/// What a text costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmsParts {
    pub encoding: SmsEncoding,
    /// Septets or 16-bit units, as the network counts them.
    pub units: usize,
    /// Messages it is sent as; 0 for an empty text.
    pub parts: usize,
    /// Units that still fit before another message is needed.
    pub left: usize,
}

impl SmsParts {
    pub fn of(text: &str) -> SmsParts {
        let septets: Option<Vec<usize>> = text.chars().map(septets).collect();
        match septets {
            Some(sizes) => Self::packed(SmsEncoding::Gsm7, &sizes, 160, 153),
            None => {
                let sizes: Vec<usize> = text.chars().map(char::len_utf16).collect();
                Self::packed(SmsEncoding::Ucs2, &sizes, 70, 67)
            }
        }
    }

    /// The same with every `{link}` as long as the link that will stand there.
    pub fn with_link(text: &str, link_length: usize) -> SmsParts {
        Self::of(&text.replace("{link}", &"x".repeat(link_length)))
    }

    /// A character that takes two units is never torn apart, so a part may stay one short.
    fn packed(encoding: SmsEncoding, sizes: &[usize], single: usize, joined: usize) -> SmsParts {
        let units = sizes.iter().sum();
        if units <= single {
            return SmsParts { encoding, units, parts: usize::from(units > 0), left: single - units };
        }
        let (mut parts, mut used) = (1, 0);
        for size in sizes {
            if used + size > joined {
                parts += 1;
                used = 0;
            }
            used += size;
        }
        SmsParts { encoding, units, parts, left: joined - used }
    }
}

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// How many septets a character takes in the GSM alphabet; `None` when it is not in it.
fn septets(c: char) -> Option<usize> {
    if BASIC.contains(c) { Some(1) } else { EXTENDED.contains(c).then_some(2) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counted(text: &str) -> (SmsEncoding, usize, usize) {
        let parts = SmsParts::of(text);
        (parts.encoding, parts.parts, parts.left)
    }

    #[test]
    fn the_alphabet_is_complete() {
        assert_eq!(BASIC.chars().count(), 127, "128 less the escape");
        assert_eq!(EXTENDED.chars().count(), 10);
    }

    #[test]
    fn plain_texts_are_counted_in_septets() {
        assert_eq!(counted(""), (SmsEncoding::Gsm7, 0, 160));
        assert_eq!(counted(&"a".repeat(160)), (SmsEncoding::Gsm7, 1, 0));
        assert_eq!(counted(&"a".repeat(161)), (SmsEncoding::Gsm7, 2, 145));
        assert_eq!(counted(&"a".repeat(307)), (SmsEncoding::Gsm7, 3, 152));
        assert_eq!(counted(&"€".repeat(80)), (SmsEncoding::Gsm7, 1, 0));
        // 76 euro signs fill 152 of 153; the next one starts a part.
        assert_eq!(counted(&"€".repeat(81)), (SmsEncoding::Gsm7, 2, 143));
    }

    #[test]
    fn other_texts_are_counted_in_16_bit_units() {
        assert_eq!(counted(&"ł".repeat(70)), (SmsEncoding::Ucs2, 1, 0));
        assert_eq!(counted(&"ł".repeat(71)), (SmsEncoding::Ucs2, 2, 63));
        assert_eq!(counted(&"☕😀".repeat(10)).0, SmsEncoding::Ucs2);
        // 33 emoji fill 66 of 67.
        assert_eq!(counted(&"😀".repeat(36)), (SmsEncoding::Ucs2, 2, 61));
    }

    #[test]
    fn the_link_counts_with_its_own_length() {
        assert_eq!(SmsParts::with_link("Free coffee: {link}", 30).units, 13 + 30);
    }

    proptest! {
        #[test]
        fn parts_hold_the_text(text in any::<String>()) {
            let found = SmsParts::of(&text);
            let joined = if found.encoding == SmsEncoding::Gsm7 { 153 } else { 67 };
            prop_assert!(found.units <= found.parts.max(1) * (joined + 7));
            prop_assert!(found.parts < 2 || found.parts >= found.units.div_ceil(joined));
        }
    }
}

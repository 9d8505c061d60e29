//! E-mail addresses.

use std::fmt;

/// An address in lower case: people do not tell apart what mail servers could.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    pub const MAX: usize = 254;

    pub fn parse(raw: &str) -> Result<Email, String> {
        let address = raw.trim().to_lowercase();
        if address.len() > Self::MAX {
            return Err("Enter an e-mail address of at most 254 characters".to_owned());
        }
        match address.rsplit_once('@') {
            Some((name, domain)) if is_name(name) && is_domain(domain) => Ok(Email(address)),
            _ => Err("Enter an e-mail address like name@example.com".to_owned()),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Words between dots; quoted names exist on paper only and are refused.
fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    name.len() <= 64 && name.split('.').all(|word| !word.is_empty() && word.chars().all(allowed))
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    // A last label of digits would be an address of a machine.
    let last = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.') && domain.split('.').all(is_label) && !last.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_lower_cased() {
        assert_eq!(Email::parse(" Ana.Silva+Coffee@Example.COM ").unwrap().as_str(), "ana.silva+coffee@example.com");
        for raw in ["o'neil@example.co.uk", "x@bücher.example", "用户@例子.公司", "a_b-c@sub.example.org"] {
            assert!(Email::parse(raw).is_ok(), "{raw}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_an_instruction() {
        for raw in [
            "",
            "ana",
            "@example.com",
            "ana@",
            "ana@example",
            "ana@@example.com",
            "a b@example.com",
            ".a@example.com",
            "a..b@example.com",
            "ana@-example.com",
            "ana@example..com",
            "ana@127.0.0.1",
            "ana@example.com\nbcc:x@y.z",
            "<ana@example.com>",
            "a,b@example.com",
            "\"ana\"@example.com",
            "ana@exa_mple.com",
            "ana\0@example.com",
        ] {
            assert_eq!(Email::parse(raw).unwrap_err(), "Enter an e-mail address like name@example.com", "{raw:?}");
        }
        assert!(Email::parse(&format!("{}@example.com", "a".repeat(65))).is_err());
        let long = format!("a@{}.example", "b.".repeat(130));
        assert_eq!(Email::parse(&long).unwrap_err(), "Enter an e-mail address of at most 254 characters");
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_accepted_again_unchanged(raw in any::<String>(), near in "[a-zA-Z.@ +-]{0,20}@[A-Z.-]{0,12}") {
            for raw in [raw, near] {
                if let Ok(email) = Email::parse(&raw) {
                    prop_assert!(!email.as_str().contains(char::is_whitespace));
                    prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                }
            }
        }
    }
}

//! A field that takes either a phone number or an e-mail address.

use super::{email::Email, phone::Phone};

/// How a member is reached and signs in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Contact {
    Phone(Phone),
    Email(Email),
}

impl Contact {
    /// An address has an @, a phone number has none.
    pub fn parse(raw: &str, default_region: &str) -> Result<Contact, String> {
        if raw.trim().is_empty() {
            return Err("Enter a phone number or an e-mail address".to_owned());
        }
        if raw.contains('@') {
            return Email::parse(raw).map(Contact::Email);
        }
        if raw.chars().any(|c| c.is_ascii_digit()) || raw.contains('+') {
            return Phone::parse(raw, default_region).map(Contact::Phone);
        }
        Phone::parse(raw, default_region)
            .map(Contact::Phone)
            .map_err(|_| "Enter a phone number or an e-mail address".to_owned())
    }

    /// As stored: E.164, or the address in lower case.
    pub fn as_str(&self) -> &str {
        match self {
            Contact::Phone(phone) => phone.as_str(),
            Contact::Email(email) => email.as_str(),
        }
    }

    /// As people read it.
    pub fn display(&self) -> String {
        match self {
            Contact::Phone(phone) => phone.display(),
            Contact::Email(email) => email.as_str().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn either_is_told_by_its_look() {
        let email = Contact::parse(" ANA@example.com", "DE").unwrap();
        assert_eq!((email.as_str(), email.display().as_str()), ("ana@example.com", "ana@example.com"));
        assert_eq!(Contact::parse("0151 23456789", "DE").unwrap().as_str(), "+4915123456789");
        for raw in ["", "  ", "ana", "\0"] {
            assert_eq!(Contact::parse(raw, "DE").unwrap_err(), "Enter a phone number or an e-mail address");
        }
        assert!(Contact::parse("12", "DE").unwrap_err().contains("country code"));
        assert!(Contact::parse("ana@", "DE").unwrap_err().contains("name@example.com"));
    }
}

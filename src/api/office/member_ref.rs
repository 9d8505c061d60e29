//! How another system names a member: by member number, by its own key, by phone or by e-mail.

use diesel::prelude::*;

use crate::api::{ApiError, invalid};
use crate::ids::MemberId;
use crate::members::contact::Contact;
use crate::members::email::Email;
use crate::members::phone::Phone;
use crate::schema::member;

/// Characters of another system's key.
const MAX_EXTERNAL: usize = 100;

/// A member, as named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberRef {
    /// "2654435761".
    Number(i64),
    /// "ext:CRM-17".
    External(String),
    /// "+4915123456789".
    Phone(Phone),
    /// "ann@example.com".
    Email(Email),
}

impl MemberRef {
    /// Told by its look; phone numbers have their country code.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = "Send a member number, ext: and an external id, a phone number with + and country code, or an e-mail address";
        if let Some(external) = text.strip_prefix("ext:") {
            return external_id(external).map(Self::External);
        }
        if !text.is_empty() && text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(Self::Number).map_err(|_| wrong.to_owned());
        }
        if !text.contains(['@', '+']) {
            return Err(wrong.to_owned());
        }
        Contact::parse(text, "").map(|contact| match contact {
            Contact::Phone(phone) => Self::Phone(phone),
            Contact::Email(email) => Self::Email(email),
        })
    }

    /// Of an address: what cannot name a member is not there.
    pub fn of_path(text: &str) -> Result<Self, ApiError> {
        Self::parse(text).map_err(|_| ApiError::not_found())
    }

    /// Of a request's body.
    pub fn of_field(field: &str, text: &str) -> Result<Self, ApiError> {
        Self::parse(text).map_err(|why| invalid(field, why))
    }

    /// The member, if there is one.
    pub fn find(&self, conn: &mut PgConnection) -> QueryResult<Option<MemberId>> {
        let ids = member::table.select(member::id);
        let found = match self {
            Self::Number(number) => ids.filter(member::number.eq(number)).first(conn),
            Self::External(external) => ids.filter(member::external_id.eq(external)).first(conn),
            Self::Phone(phone) => ids.filter(member::phone.eq(phone.as_str())).first(conn),
            Self::Email(email) => ids.filter(member::email.eq(email.as_str())).first(conn),
        };
        found.optional()
    }
}

/// Another system's key for a member.
pub fn external_id(text: &str) -> Result<String, String> {
    let length = text.chars().count();
    if (1..=MAX_EXTERNAL).contains(&length) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(format!("Send an external id of 1 to {MAX_EXTERNAL} characters, without control characters"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn told_by_its_look() {
        assert_eq!(MemberRef::parse("0000000017"), Ok(MemberRef::Number(17)));
        assert_eq!(MemberRef::parse("ext:17"), Ok(MemberRef::External("17".into())));
        assert!(matches!(MemberRef::parse("+49 1512 3456789"), Ok(MemberRef::Phone(_))));
        assert!(matches!(MemberRef::parse("Ann@Example.com"), Ok(MemberRef::Email(_))));
        for wrong in ["", "ann", "ext:", "12345678901", "ext:a\u{0}b", "+12", "@"] {
            assert!(MemberRef::parse(wrong).is_err(), "{wrong:?}");
        }
        assert!(MemberRef::parse(&format!("ext:{}", "x".repeat(101))).is_err());
    }
}

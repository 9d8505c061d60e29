//! Members' phone numbers and e-mail addresses on their way to a page: nothing prints them but by the viewer's right.

use std::fmt;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::Text;
use serde::Deserialize;

use super::mask;
use super::phone::display_phone;

/// Whether one may see members' phone numbers and e-mail addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// As they are.
    Full,
    /// Enough to tell two apart.
    Masked,
}

impl Sight {
    /// Whether they are seen as they are.
    pub fn is_full(self) -> bool {
        self == Self::Full
    }

    /// A text of ours that may name them.
    pub fn text(self, text: &str) -> String {
        if self.is_full() { text.to_owned() } else { mask::within(text) }
    }

    /// A provider's words, which may name them in other spellings.
    pub fn foreign(self, text: &str) -> String {
        if self.is_full() { text.to_owned() } else { mask::within_foreign(text) }
    }
}

/// A phone number (E.164) or an e-mail address as stored. It has no `Display`, so that no page prints it by accident.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, FromSqlRow)]
#[serde(transparent)]
pub struct Guarded(String);

impl Guarded {
    /// Of what is stored.
    pub fn new(stored: impl Into<String>) -> Self {
        Self(stored.into())
    }

    /// As this viewer may read it.
    pub fn shown(&self, sight: Sight) -> String {
        match (sight, self.0.contains('@')) {
            (Sight::Full, true) => self.0.clone(),
            (Sight::Full, false) => display_phone(&self.0),
            (Sight::Masked, true) => mask::email(&self.0),
            (Sight::Masked, false) => mask::phone(&self.0),
        }
    }

    /// The same, but as it is stored, for lists in which one looks for what a provider names.
    pub fn stored(&self, sight: Sight) -> String {
        if sight.is_full() { self.0.clone() } else { self.shown(sight) }
    }

    /// The same, taken out.
    pub fn into_unmasked(self) -> String {
        self.0
    }

    /// As it is, for a transport, a comparison, or a place that asked for the viewer's right itself.
    pub fn unmasked(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Guarded {
    /// Logs get it masked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(Sight::Masked))
    }
}

impl FromSql<Text, Pg> for Guarded {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <String as FromSql<Text, Pg>>::from_sql(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_opens_it() {
        let phone = Guarded::new("+436641234512");
        assert_eq!(phone.shown(Sight::Full), "+43 664 1234512");
        assert_eq!(phone.shown(Sight::Masked), "+43 664 •••••12");
        assert_eq!(format!("{phone:?}"), "+43 664 •••••12");
        let email = Guarded::new("ana@example.com");
        assert_eq!(email.shown(Sight::Full), "ana@example.com");
        assert_eq!(email.shown(Sight::Masked), "a•••@example.com");
    }
}

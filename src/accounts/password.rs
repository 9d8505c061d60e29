//! Passwords of dashboard users: long, not common, not what everyone knows of the person.

use std::fmt;

use super::common_passwords;

/// A password that may be set, kept exactly as typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Characters, at least.
    pub const MIN: usize = 12;
    /// Characters, at most.
    pub const MAX: usize = 128;
    /// Characters of those that were set under an older rule, at most.
    pub(super) const LONGEST: usize = 200;

    /// A new password. `own` is what others know of the person, e-mail and name: the password shall be none of it.
    pub fn choose(raw: &str, own: &[&str]) -> Result<Password, String> {
        if raw.trim().is_empty() {
            return Err("Enter a password".to_owned());
        }
        match raw.chars().count() {
            n if n < Self::MIN => return Err(format!("Use at least {} characters: a few words do", Self::MIN)),
            n if n > Self::MAX => return Err(format!("Use at most {} characters", Self::MAX)),
            _ => {}
        }
        if common_passwords::is_common(raw) {
            return Err(
                "This is among the passwords that are tried first. Use words that do not belong together".into()
            );
        }
        if own.iter().any(|own| is_made_of(raw, own)) {
            return Err("Use something other than your name or e-mail address".to_owned());
        }
        Ok(Password(raw.to_owned()))
    }

    /// A password that everyone knows, for demo sign-ins and tests: bound by no rule.
    pub fn known(text: &str) -> Password {
        Password(text.to_owned())
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Never shows up in a log.
impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Whether nothing but digits and signs were added to what is known: "ada.admin@example.com", "Ada Admin 2026".
fn is_made_of(password: &str, own: &str) -> bool {
    let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let (password, local) = (letters(password), own.split('@').next().unwrap_or_default());
    let is_all = |own: &String| own.len() >= 3 && password.contains(own) && password.replace(own, "").is_empty();
    [own, local].map(letters).iter().any(is_all)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const OWN: [&str; 2] = ["ada.admin@example.com", "Ada Petersen"];

    #[test]
    fn a_password_is_long_enough_and_kept_as_typed() {
        for good in ["correct horse battery", " spaces count ", "☕🌳🚲🎻🧦🪣🍋🦆🧲🎈🪁🧊"] {
            assert_eq!(Password::choose(good, &OWN).unwrap().0, good);
        }
        for (raw, error) in [
            ("", "Enter a password"),
            (&*" ".repeat(12), "Enter a password"),
            ("eleven char", "Use at least 12 characters: a few words do"),
            (&"a1".repeat(65), "Use at most 128 characters"),
        ] {
            assert_eq!(Password::choose(raw, &OWN).unwrap_err(), error);
        }
        assert_eq!(format!("{:?}", Password::known("muster-demo")), "Password(…)");
    }

    #[test]
    fn what_everyone_knows_of_the_person_is_refused() {
        for raw in ["ada.admin@example.com", "AdaPetersen2026!", "ada-admin-1234", "PetersenAda Ada Petersen 1"] {
            let refused = Password::choose(raw, &OWN).is_err();
            assert_eq!(refused, !raw.starts_with("PetersenAda"), "{raw}");
        }
        assert!(Password::choose("Ada rides her bicycle", &OWN).is_ok());
    }
}

//! The form of a member: what was typed, and what it means.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde::Deserialize;

use super::email::Email;
use super::guarded::{Guarded, Sight};
use super::member::{Member, NewMember};
use super::phone::Phone;
use crate::channels::MessageChannel;
use crate::ids::MemberId;
use crate::settings::DateLanguage;
use crate::web::text::Line;
use crate::web::{FieldErrors, SaveError};

/// Under the field of the phone.
pub const PHONE_RULE: &str = "In any spelling. Phone or e-mail is needed, to sign in to the app.";

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct MemberForm {
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) phone: String,
    #[serde(default)]
    pub(crate) email: String,
    #[serde(default)]
    pub(crate) time_zone: String,
    #[serde(default)]
    pub(crate) date_language: Option<String>,
    /// Channels that are ticked.
    #[serde(default)]
    pub(crate) consent: Vec<String>,
    /// Channels that were ticked when the form was made.
    #[serde(default)]
    pub(crate) shown: Vec<String>,
}

/// What it means.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// Name, phone and e-mail.
    pub member: NewMember,
    /// Consents that the form gives (true) or withdraws. What it leaves alone is not here: the member may have
    /// changed it meanwhile.
    pub consents: Vec<(MessageChannel, bool)>,
    /// What another system calls them, where that is given.
    pub external_id: Option<String>,
}

impl MemberForm {
    /// As stored; phone and e-mail only for those who may see them: left empty they stay as they are.
    pub fn of(member: &Member, sight: Sight) -> Self {
        let seen =
            |stored: &Option<Guarded>| stored.as_ref().filter(|_| sight.is_full()).map(|stored| stored.shown(sight));
        let granted = [member.sms_consent, member.email_consent, member.push_consent];
        let channels = MessageChannel::ALL.into_iter().zip(granted).filter(|(_, granted)| *granted);
        let consent: Vec<String> = channels.map(|(channel, _)| channel.key().to_owned()).collect();
        Self {
            name: member.name.clone(),
            phone: seen(&member.phone).unwrap_or_default(),
            email: seen(&member.email).unwrap_or_default(),
            time_zone: member.time_zone.clone().unwrap_or_default(),
            date_language: Some(member.date_language.clone().unwrap_or_default()),
            shown: consent.clone(),
            consent,
        }
    }

    /// With what is stored where someone who cannot see it typed nothing.
    pub fn keeping(mut self, member: &Member, sight: Sight) -> Self {
        let kept = |typed: &mut String, stored: &Option<Guarded>| {
            if let Some(stored) = stored.as_ref().filter(|_| !sight.is_full() && typed.trim().is_empty()) {
                stored.unmasked().clone_into(typed);
            }
        };
        kept(&mut self.phone, &member.phone);
        kept(&mut self.email, &member.email);
        self
    }

    /// Whether the box of this channel is ticked.
    pub fn has(&self, channel: &MessageChannel) -> bool {
        self.consent.iter().any(|key| key == channel.key())
    }

    /// Zones that can be chosen.
    pub fn zones(&self) -> impl Iterator<Item = &'static str> {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    /// The language that is chosen; empty: the organisation's.
    pub fn language(&self) -> &str {
        self.date_language.as_deref().unwrap_or_default()
    }

    /// Languages that can be chosen.
    pub fn languages(&self) -> [DateLanguage; 6] {
        DateLanguage::ALL
    }

    /// Numbers without a country code are of this region.
    pub fn parse(&self, region: &str) -> Result<Parsed, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.take("name", Line::required(&self.name, 120, "Enter a name"));
        let phone = errors.take("phone", filled(&self.phone).map(|raw| Phone::parse(raw, region)).transpose());
        let email = errors.take("email", filled(&self.email).map(Email::parse).transpose());
        if (&phone, &email) == (&Some(None), &Some(None)) {
            errors.add("phone", "Enter a phone number or an e-mail address");
        }
        let zone = filled(&self.time_zone).map(|raw| raw.parse::<Tz>().map_err(|_| "Choose a time zone"));
        let time_zone = errors.take("time_zone", zone.transpose());
        let language =
            |raw: &String| filled(raw).map(|raw| DateLanguage::parse(raw).ok_or("Choose a language")).transpose();
        let date_language = errors.take("date_language", self.date_language.as_ref().map(language).transpose());
        let read = |keys: &[String]| keys.iter().filter_map(|key| MessageChannel::parse(key)).collect::<BTreeSet<_>>();
        let (shown, ticked) = (read(&self.shown), read(&self.consent));
        let consents =
            shown.symmetric_difference(&ticked).map(|channel| (*channel, ticked.contains(channel))).collect();
        match (name, phone, email, time_zone, date_language) {
            (Some(name), Some(phone), Some(email), Some(time_zone), Some(date_language)) if errors.is_empty() => {
                Ok(Parsed {
                    member: NewMember { name, phone, email, time_zone, date_language },
                    consents,
                    external_id: None,
                })
            }
            _ => Err(errors),
        }
    }
}

/// What stands in a field, if it is more than blanks.
fn filled(raw: &str) -> Option<&str> {
    Some(raw).filter(|raw| !raw.trim().is_empty())
}

/// Phone and e-mail belong to one member each.
pub const TAKEN: [(&str, &str, &str); 3] = [
    ("member_external_id_key", "external_id", "Send another external id: a member has this one"),
    ("member_phone_key", "phone", "Enter another phone number: a member has this one"),
    ("member_email_key", "email", "Enter another e-mail address: a member has this one"),
];

/// Whoever has the phone or e-mail that this form asks for.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub struct Other {
    /// Key.
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    pub id: MemberId,
    /// Name.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub name: String,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    phone: bool,
}

impl Other {
    /// After a form was rejected: members other than this one who have its phone or e-mail.
    pub fn find(
        conn: &mut diesel::PgConnection,
        form: &MemberForm,
        region: &str,
        but: Option<MemberId>,
    ) -> diesel::QueryResult<Vec<Self>> {
        use diesel::RunQueryDsl;
        use diesel::sql_types::{BigInt, Nullable, Text};
        let phone = Phone::parse(&form.phone, region).ok();
        let email = Email::parse(&form.email).ok();
        diesel::sql_query(
            "SELECT id, name, coalesce(phone = $1, false) AS phone FROM member
             WHERE (phone = $1 OR email = $2) AND id IS DISTINCT FROM $3 ORDER BY phone = $1 DESC NULLS LAST",
        )
        .bind::<Nullable<Text>, _>(phone.as_ref().map(Phone::as_str))
        .bind::<Nullable<Text>, _>(email.as_ref().map(Email::as_str))
        .bind::<Nullable<BigInt>, _>(but)
        .load(conn)
    }

    /// "Ann Abel has this phone number."
    pub fn has(&self) -> &'static str {
        if self.phone { "has this phone number." } else { "has this e-mail address." }
    }
}

/// The errors of a broken rule of the database.
pub fn rejected_by(error: diesel::result::Error) -> SaveError {
    if let diesel::result::Error::DatabaseError(_, told) = &error
        && told.message().starts_with("time zone")
    {
        // our list may be newer than the database's
        return FieldErrors::one("time_zone", "Choose another time zone: the database does not know this one").into();
    }
    SaveError::from_constraint(error, &TAKEN)
}

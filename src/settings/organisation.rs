//! The organisation's name, zone, colour and words for dates: one row, kept at hand.

use std::sync::{Arc, RwLock};

use chrono::{DateTime, Locale, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use crate::schema::setting;
use crate::web::local_time::{is_first_moment, last_day_before};

/// What Settings → General holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Shown on every page and in messages.
    pub name: String,
    /// In which days and times are entered and shown.
    pub zone: Tz,
    /// `#rrggbb`.
    pub colour: String,
    /// In which months and weekdays are named.
    pub date_language: DateLanguage,
    /// ISO 4217, of all amounts.
    pub currency: String,
    /// ISO 3166, of phone numbers typed without a country code.
    pub phone_region: String,
    /// Minutes for which a till may take a validation back; 0: never.
    pub reversal_minutes: i32,
    /// Minutes after which a campaign that could not begin is late.
    pub late_after: i32,
    /// Percent by which an audience may differ from the one shown at publishing.
    pub audience_change: i32,
}

/// As a new installation has it.
impl Default for Organisation {
    fn default() -> Self {
        Self {
            name: "Muster".into(),
            zone: chrono_tz::Europe::Berlin,
            colour: "#206bc4".into(),
            date_language: DateLanguage::En,
            currency: "EUR".into(),
            phone_region: "DE".into(),
            late_after: 120,
            audience_change: 20,
            reversal_minutes: 15,
        }
    }
}

/// Languages in which dates can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateLanguage {
    /// English
    En,
    /// German
    De,
    /// French
    Fr,
    /// Spanish
    Es,
    /// Italian
    It,
    /// Dutch
    Nl,
}

impl DateLanguage {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::En, Self::De, Self::Fr, Self::Es, Self::It, Self::Nl];

    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::It => "it",
            Self::Nl => "nl",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "German",
            Self::Fr => "French",
            Self::Es => "Spanish",
            Self::It => "Italian",
            Self::Nl => "Dutch",
        }
    }

    /// The language with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.key() == key)
    }

    /// The first language of an `Accept-Language` header in which dates can be written.
    pub fn of_browser(header: &str) -> Option<Self> {
        let tags = header.split(',').map(|tag| tag.split(';').next().unwrap_or_default().trim());
        tags.filter_map(|tag| Self::parse(&tag.split('-').next()?.to_ascii_lowercase())).next()
    }

    fn locale(self) -> Locale {
        match self {
            Self::En => Locale::en_GB,
            Self::De => Locale::de_DE,
            Self::Fr => Locale::fr_FR,
            Self::Es => Locale::es_ES,
            Self::It => Locale::it_IT,
            Self::Nl => Locale::nl_NL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DateLanguage::{self, *};

    #[test]
    fn a_browsers_first_language_that_is_known_counts() {
        let read = DateLanguage::of_browser;
        assert_eq!(
            ["de-AT,de;q=0.9,en;q=0.5", "pt, FR-ca;q=0.5", "tlh", "", "*"].map(read),
            [Some(De), Some(Fr), None, None, None]
        );
    }
}

impl Organisation {
    /// Reads the one row.
    pub fn load(conn: &mut PgConnection) -> QueryResult<Self> {
        type Row = (String, String, String, String, String, String, i32, (i32, i32));
        let (name, zone, colour, language, currency, phone_region, reversal_minutes, limits): Row = setting::table
            .select((
                setting::organisation_name,
                setting::time_zone,
                setting::colour,
                setting::date_language,
                setting::currency,
                setting::phone_region,
                setting::reversal_minutes,
                (setting::late_after_minutes, setting::audience_change_percent),
            ))
            .first(conn)?;
        Ok(Self {
            name,
            zone: zone.parse().unwrap_or(Tz::UTC),
            colour,
            date_language: DateLanguage::parse(&language).unwrap_or(DateLanguage::En),
            currency,
            phone_region,
            reversal_minutes,
            late_after: limits.0,
            audience_change: limits.1,
        })
    }

    /// The same, and until the transaction ends no other changes it.
    pub fn lock(conn: &mut PgConnection) -> QueryResult<Self> {
        diesel::sql_query("SELECT FROM setting FOR UPDATE").execute(conn)?;
        Self::load(conn)
    }

    /// Writes the one row.
    pub fn store(&self, conn: &mut PgConnection) -> QueryResult<()> {
        diesel::update(setting::table)
            .set((
                setting::organisation_name.eq(&self.name),
                setting::time_zone.eq(self.zone.name()),
                setting::colour.eq(&self.colour),
                setting::date_language.eq(self.date_language.key()),
                setting::currency.eq(&self.currency),
                setting::phone_region.eq(&self.phone_region),
                setting::reversal_minutes.eq(self.reversal_minutes),
                setting::late_after_minutes.eq(self.late_after),
                setting::audience_change_percent.eq(self.audience_change),
            ))
            .execute(conn)
            .map(|_| ())
    }

    /// The same, with dates in another language, if one is given.
    pub fn speaking(&self, language: Option<DateLanguage>) -> Self {
        Self { date_language: language.unwrap_or(self.date_language), ..self.clone() }
    }

    /// "12 Mar 2026", in the organisation's zone.
    pub fn day(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format_localized("%-d %b %Y", self.date_language.locale()).to_string()
    }

    /// "12 Mar 2026" of a calendar day.
    pub fn date(&self, day: NaiveDate) -> String {
        day.format_localized("%-d %b %Y", self.date_language.locale()).to_string()
    }

    /// "12 Mar 2026, 14:05", in the organisation's zone.
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format_localized("%-d %b %Y, %H:%M", self.date_language.locale()).to_string()
    }

    /// The last moment before an end, as people say it: the day alone where the end is a day's.
    pub fn end(&self, at: DateTime<Utc>) -> String {
        if is_first_moment(at, self.zone) { self.date(last_day_before(at, self.zone)) } else { self.moment(at) }
    }

    /// The calendar day of this instant in the organisation's zone.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.zone).date_naive()
    }
}

/// The organisation as this process knows it: read at start, after each change here, and every few
/// seconds for changes made through another server.
#[derive(Clone)]
pub struct OrganisationHandle(Arc<RwLock<Arc<Organisation>>>);

impl OrganisationHandle {
    /// Holds a first reading.
    pub fn new(organisation: Organisation) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(organisation))))
    }

    /// What is known now.
    pub fn get(&self) -> Arc<Organisation> {
        match self.0.read() {
            Ok(organisation) => organisation.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    /// Takes a new reading.
    pub fn set(&self, organisation: Organisation) {
        match self.0.write() {
            Ok(mut held) => *held = Arc::new(organisation),
            Err(poisoned) => *poisoned.into_inner() = Arc::new(organisation),
        }
    }
}

//! The form of Settings → **General**.

use chrono_tz::Tz;
use serde::Deserialize;

use super::lists;
use super::organisation::{DateLanguage, Organisation};
use crate::web::FieldErrors;
use crate::web::text::Line;

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct GeneralForm {
    pub name: String,
    pub time_zone: String,
    pub colour: String,
    pub date_language: String,
    pub currency: String,
    pub phone_region: String,
    pub reversal_minutes: String,
    pub late_after: String,
    /// "minutes" or "hours".
    pub late_unit: String,
    pub audience_change: String,
}

impl GeneralForm {
    /// What is stored.
    pub fn of(organisation: &Organisation) -> Self {
        let is_hours = organisation.late_after % 60 == 0;
        let late_after = if is_hours { organisation.late_after / 60 } else { organisation.late_after };
        Self {
            late_after: late_after.to_string(),
            late_unit: if is_hours { "hours" } else { "minutes" }.to_owned(),
            audience_change: organisation.audience_change.to_string(),
            name: organisation.name.clone(),
            time_zone: organisation.zone.name().into(),
            colour: organisation.colour.clone(),
            date_language: organisation.date_language.key().into(),
            currency: organisation.currency.clone(),
            phone_region: organisation.phone_region.clone(),
            reversal_minutes: organisation.reversal_minutes.to_string(),
        }
    }

    /// Valid values, or all that is wrong.
    pub fn parse(&self) -> Result<Organisation, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.take("name", Line::required(&self.name, 80, "Enter the organisation’s name"));
        let zone = errors.take("time_zone", self.time_zone.parse::<Tz>().map_err(|_| "Choose a time zone"));
        let colour = errors.take("colour", colour(&self.colour));
        let language = DateLanguage::parse(&self.date_language).ok_or("Choose a language");
        let date_language = errors.take("date_language", language);
        let currency = errors.take("currency", known(&self.currency, lists::currencies(), "Choose a currency"));
        let region = errors.take("phone_region", known(&self.phone_region, lists::regions(), "Choose a country"));
        let reversal = errors.take("reversal_minutes", reversal(&self.reversal_minutes));
        let late_after = errors.take("late_after", self.minutes());
        let change = whole(&self.audience_change, 1..=1_000).ok_or("Enter a whole number of percent from 1 to 1,000");
        let audience_change = errors.take("audience_change", change);
        let limits = late_after.zip(audience_change).zip(reversal);
        match (name, zone, colour, date_language, currency, region, limits) {
            (
                Some(name),
                Some(zone),
                Some(colour),
                Some(date_language),
                Some(currency),
                Some(phone_region),
                Some(((late_after, audience_change), reversal_minutes)),
            ) => Ok(Organisation {
                name,
                zone,
                colour,
                date_language,
                currency,
                phone_region,
                late_after,
                audience_change,
                reversal_minutes,
            }),
            _ => Err(errors),
        }
    }

    /// A week at most.
    fn minutes(&self) -> Result<i32, &'static str> {
        match self.late_unit.as_str() {
            "minutes" => whole(&self.late_after, 1..=10_080).ok_or("Enter a whole number of minutes from 1 to 10,080"),
            "hours" => {
                let hours = whole(&self.late_after, 1..=168).ok_or("Enter a whole number of hours from 1 to 168")?;
                Ok(hours * 60)
            }
            _ => Err("Choose minutes or hours"),
        }
    }
}

fn whole(raw: &str, range: std::ops::RangeInclusive<i32>) -> Option<i32> {
    raw.trim().parse().ok().filter(|number| range.contains(number))
}

fn colour(raw: &str) -> Result<String, &'static str> {
    let colour = raw.trim().to_ascii_lowercase();
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6);
    match digits {
        Some(digits) if digits.chars().all(|c| c.is_ascii_hexdigit()) => Ok(colour),
        _ => Err("Choose a colour, like #206bc4"),
    }
}

fn reversal(raw: &str) -> Result<i32, &'static str> {
    let minutes = raw.trim().parse().ok().filter(|minutes| (0..=10_080).contains(minutes));
    minutes.ok_or("Enter a number of minutes from 0 to 10,080 (a week)")
}

fn known(raw: &str, choices: &[lists::Choice], instruction: &'static str) -> Result<String, &'static str> {
    if lists::has(choices, raw) { Ok(raw.to_owned()) } else { Err(instruction) }
}

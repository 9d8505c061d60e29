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
}

impl GeneralForm {
    /// What is stored.
    pub fn of(organisation: &Organisation) -> Self {
        Self {
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
        let reversal = errors.take("reversal_minutes", minutes(&self.reversal_minutes));
        match (name, zone, colour, date_language, currency, region.zip(reversal)) {
            (Some(name), Some(zone), Some(colour), Some(date_language), Some(currency), Some(last)) => {
                let (phone_region, reversal_minutes) = last;
                Ok(Organisation { name, zone, colour, date_language, currency, phone_region, reversal_minutes })
            }
            _ => Err(errors),
        }
    }
}

fn colour(raw: &str) -> Result<String, &'static str> {
    let colour = raw.trim().to_ascii_lowercase();
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6);
    match digits {
        Some(digits) if digits.chars().all(|c| c.is_ascii_hexdigit()) => Ok(colour),
        _ => Err("Choose a colour, like #206bc4"),
    }
}

fn minutes(raw: &str) -> Result<i32, &'static str> {
    let minutes = raw.trim().parse().ok().filter(|minutes| (0..=10_080).contains(minutes));
    minutes.ok_or("Enter a number of minutes from 0 to 10,080 (a week)")
}

fn known(raw: &str, choices: &[lists::Choice], instruction: &'static str) -> Result<String, &'static str> {
    if lists::has(choices, raw) { Ok(raw.to_owned()) } else { Err(instruction) }
}

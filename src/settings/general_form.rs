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
        match (name, zone, colour, date_language, currency, region) {
            (Some(name), Some(zone), Some(colour), Some(date_language), Some(currency), Some(phone_region)) => {
                Ok(Organisation { name, zone, colour, date_language, currency, phone_region })
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

fn known(raw: &str, choices: &[lists::Choice], instruction: &'static str) -> Result<String, &'static str> {
    if lists::has(choices, raw) { Ok(raw.to_owned()) } else { Err(instruction) }
}

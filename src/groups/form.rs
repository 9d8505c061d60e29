//! The form of **Add group** and of a group's edit page.

use chrono_tz::Tz;
use serde::Deserialize;

use super::MemberGroup;
use super::code_campaign::NewCodes;
use super::new_group::{JoinBy, Joining, NewGroup};
use crate::ids::CampaignId;
use crate::web::period::{day_of, last_day_before, parse_day};
use crate::web::text::{Line, Paragraphs};
use crate::web::{FieldErrors, Period};

/// The choice in **Campaign** that makes one.
pub const NEW_CAMPAIGN: &str = "new";

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct GroupForm {
    pub name: String,
    pub description: String,
    pub start_date: String,
    pub stop_date: String,
    pub viewable: String,
    pub join_type: String,
    pub campaign: String,
    pub code_source: String,
    pub code: String,
    pub validations_in_all: String,
    pub number_of_codes: String,
    pub order: String,
}

impl GroupForm {
    /// What the empty form holds.
    pub fn of_new(today: String) -> Self {
        Self {
            start_date: today,
            join_type: "open".into(),
            code_source: "one".into(),
            order: "0".into(),
            ..Self::default()
        }
    }

    /// What the form of a stored group holds.
    pub fn of(group: &MemberGroup, zone: Tz) -> Self {
        Self {
            name: group.name.clone(),
            description: group.description.clone(),
            start_date: group.period().start_day(zone).to_string(),
            stop_date: stop_day(group, zone),
            viewable: if group.viewable { "on".into() } else { String::new() },
            join_type: group.join_type.clone().unwrap_or_else(|| "open".into()),
            campaign: group.campaign_id.map(|id| id.to_string()).unwrap_or_default(),
            code_source: "one".into(),
            order: group.display_order.to_string(),
            ..Self::default()
        }
    }

    /// Whether **User viewable** is ticked.
    pub fn is_viewable(&self) -> bool {
        !self.viewable.is_empty()
    }

    /// A valid group, or all that is wrong. `kept` is the group being edited: days that are as they were keep
    /// their moment, so that a group ended in the middle of a day is not prolonged by a change of its name.
    pub fn parse(&self, zone: Tz, kept: Option<&MemberGroup>) -> Result<NewGroup, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.take("name", Line::required(&self.name, 80, "Enter a group name"));
        let description = errors.take("description", self.description());
        let period = self.period(zone, kept, &mut errors);
        let joining = self.joining(&mut errors);
        match (name, description, period, joining) {
            (Some(name), Some(description), Some(period), Some(joining)) if errors.is_empty() => {
                Ok(NewGroup { name, description, period, joining })
            }
            _ => Err(errors),
        }
    }

    fn description(&self) -> Result<String, String> {
        if self.is_viewable() {
            Paragraphs::required(&self.description, 500, "Enter a description: the app shows it")
        } else {
            Ok(Paragraphs::parse(&self.description, 500)?.unwrap_or_default())
        }
    }

    fn period(&self, zone: Tz, kept: Option<&MemberGroup>, errors: &mut FieldErrors) -> Option<Period> {
        let start = parse_day(&self.start_date).and_then(|day| day.ok_or_else(|| "Enter a start date".to_owned()));
        let start = errors.take("start_date", start);
        let stop = errors.take("stop_date", parse_day(&self.stop_date));
        let (start, stop) = (start?, stop?);
        let kept_start = kept.map(|group| group.starts_at).filter(|at| day_of(*at, zone) == start);
        let kept_stop = kept.and_then(|group| group.stops_at).filter(|at| Some(last_day_before(*at, zone)) == stop);
        if let (Some(starts_at), Some(_)) = (kept_start, kept_stop) {
            return Some(Period { starts_at, ends_at: kept_stop });
        }
        let mut period = errors.take("stop_date", Period::of_days(start, stop, zone))?;
        period.starts_at = kept_start.unwrap_or(period.starts_at);
        period.ends_at = kept_stop.or(period.ends_at);
        if period.ends_at.is_some_and(|end| end <= period.starts_at) {
            errors.add("start_date", "Enter a start date before the moment at which the group stops");
        }
        Some(period)
    }

    fn joining(&self, errors: &mut FieldErrors) -> Option<Joining> {
        if !self.is_viewable() {
            return Some(Joining::Hidden);
        }
        let by_code = match self.join_type.as_str() {
            "open" => Some(false),
            "code" => Some(true),
            _ => errors.take("join_type", Err("Choose how members join")),
        };
        let campaign = by_code?.then(|| self.join_by(errors));
        let order = errors.take("order", self.order());
        match campaign {
            None => Some(Joining::Open { order: order? }),
            Some(by) => Some(Joining::ByCode { order: order?, by: by? }),
        }
    }

    fn join_by(&self, errors: &mut FieldErrors) -> Option<JoinBy> {
        if self.campaign == NEW_CAMPAIGN {
            return self.new_codes(errors).map(JoinBy::NewCampaign);
        }
        let known = self.campaign.trim().parse::<CampaignId>().map(JoinBy::Campaign);
        errors.take("campaign", known.map_err(|_| "Choose a campaign"))
    }

    fn new_codes(&self, errors: &mut FieldErrors) -> Option<NewCodes> {
        match self.code_source.as_str() {
            "one" => {
                let text = errors.take("code", NewCodes::typed(&self.code));
                let uses = errors.take("validations_in_all", NewCodes::uses(&self.validations_in_all));
                Some(NewCodes::One { text: text?, uses: uses? })
            }
            "many" => errors.take("number_of_codes", NewCodes::number(&self.number_of_codes)).map(NewCodes::Many),
            _ => errors.take("code_source", Err("Choose one code or many codes")),
        }
    }

    fn order(&self) -> Result<i32, &'static str> {
        match self.order.trim() {
            "" => Ok(0),
            typed => typed
                .parse()
                .ok()
                .filter(|order| (0..=9999).contains(order))
                .ok_or("Enter a whole number from 0 to 9999"),
        }
    }
}

fn stop_day(group: &MemberGroup, zone: Tz) -> String {
    group.period().stop_day(zone).map(|day| day.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::ids::GroupId;
    use chrono::{DateTime, TimeDelta, Utc};
    use chrono_tz::Europe::Berlin;

    fn form(start: &str, stop: &str) -> GroupForm {
        GroupForm { name: "VIP".into(), start_date: start.into(), stop_date: stop.into(), ..GroupForm::default() }
    }

    fn ended(at: DateTime<Utc>) -> MemberGroup {
        let period = Period::of_days(parse_day("2026-11-01").unwrap().unwrap(), None, Berlin).unwrap();
        MemberGroup {
            id: GroupId(1),
            name: "VIP".into(),
            description: String::new(),
            starts_at: period.starts_at,
            stops_at: Some(at),
            viewable: false,
            join_type: None,
            campaign_id: None,
            display_order: 0,
            created_at: period.starts_at,
        }
    }

    #[test]
    fn a_stop_in_the_middle_of_a_day_stays_until_another_day_is_chosen() {
        let at: DateTime<Utc> = "2026-11-24T10:00:00Z".parse().unwrap();
        let group = ended(at);
        let stop = |form: GroupForm| form.parse(Berlin, Some(&group)).unwrap().period.ends_at.unwrap();
        assert_eq!(stop(GroupForm::of(&group, Berlin)), at);
        assert_eq!(stop(form("2026-11-02", "2026-11-24")), at);
        assert_eq!(stop(form("2026-11-01", "2026-11-25")), at + TimeDelta::hours(37));
    }

    #[test]
    fn a_group_that_ended_as_it_began_can_be_renamed() {
        let at: DateTime<Utc> = "2026-11-24T10:00:00Z".parse().unwrap();
        let group = MemberGroup { starts_at: at, ..ended(at) };
        let parsed = GroupForm::of(&group, Berlin).parse(Berlin, Some(&group)).unwrap();
        assert_eq!(parsed.period, Period { starts_at: at, ends_at: Some(at) });
    }

    #[test]
    fn what_the_choices_hide_is_not_kept() {
        let mut hidden = form("2026-11-01", "");
        hidden.join_type = "code".into();
        hidden.campaign = "nonsense".into();
        hidden.order = "nonsense".into();
        assert_eq!(hidden.parse(Berlin, None).unwrap().joining, Joining::Hidden);
        hidden.viewable = "on".into();
        hidden.description = "About".into();
        hidden.join_type = "open".into();
        hidden.order = "7".into();
        assert_eq!(hidden.parse(Berlin, None).unwrap().joining, Joining::Open { order: 7 });
    }
}

//! What the colleagues at Kaffeekontor did, as the audit log tells it.

use serde_json::json;

use super::accounts::Colleague;
use super::calendar::Calendar;
use super::campaign::Campaign;
use super::diary::Diary;
use super::groups::{GROUPS, Group};
use super::members::Guest;
use super::stays::{Stay, Way};
use crate::audit::{Actor, Subject};
use crate::memberships::Source;
use crate::seed::Dice;

/// Under which subject the log notes that the demo was made: never changed, so it tells for ever.
pub const MARK: (&str, &str) = ("setting", "demo");

/// Everything there is to tell from.
pub struct Story<'a> {
    pub calendar: &'a Calendar,
    pub colleagues: &'a [Colleague; 3],
    pub guests: &'a [Guest],
    pub groups: &'a [Group],
    pub campaigns: &'a [Campaign],
    pub stays: &'a [Stay],
}

impl Story<'_> {
    /// All of it.
    pub fn diary(&self) -> Diary {
        let mut diary = Diary::default();
        self.beginnings(&mut diary);
        self.groups_added(&mut diary);
        self.campaigns_run(&mut diary);
        self.groups_of_members_changed(&mut diary);
        self.members_blocked(&mut diary);
        self.signed_in(&mut diary);
        diary
    }

    fn beginnings(&self, diary: &mut Diary) {
        let first = self.calendar.at(-1090, 9, 0);
        let program = Actor::program("command line");
        for colleague in self.colleagues {
            let after = json!({ "name": colleague.name });
            diary.note(first, &program, self.account(colleague), "account created", (None, Some(after)));
        }
        let before = json!({ "name": "Muster", "colour": "#206bc4" });
        let after = json!({ "name": super::fill::ORGANISATION, "colour": super::fill::COLOUR });
        let subject = Subject::new("setting", "general", super::fill::ORGANISATION);
        let at = self.calendar.at(-1090, 9, 12);
        diary.note(at, &self.colleagues[0].actor(), subject, "settings changed", (Some(before), Some(after)));
        let mark = Subject::new(MARK.0, MARK.1, "Demo data");
        diary.note(self.calendar.now, &program, mark, "demo data added", (None, None));
    }

    fn account(&self, colleague: &Colleague) -> Subject {
        Subject::new("account", colleague.id, colleague.actor().name)
    }

    fn groups_added(&self, diary: &mut Diary) {
        for (group, spec) in self.groups.iter().zip(&GROUPS) {
            let after = json!({ "name": spec.name, "join_type": spec.join_type });
            let subject = Subject::new("group", group.id, spec.name);
            diary.note(group.made_at, &self.colleagues[1].actor(), subject, "user group added", (None, Some(after)));
        }
    }

    fn campaigns_run(&self, diary: &mut Diary) {
        let (marketer, admin) = (self.colleagues[1].actor(), self.colleagues[0].actor());
        for campaign in self.campaigns {
            let subject = || Subject::new("campaign", campaign.id, campaign.spec.name);
            let after = Some(json!({ "name": campaign.spec.name, "channel": campaign.spec.channel.key() }));
            diary.note(campaign.made_at, &marketer, subject(), "campaign created", (None, after));
            let marks = [
                (campaign.published_at, &marketer, "campaign published"),
                (campaign.paused_at, &marketer, "campaign paused"),
                (campaign.cancelled_at, &admin, "campaign cancelled"),
            ];
            for (at, actor, action) in marks {
                if let Some(at) = at {
                    diary.note(at, actor, subject(), action, (None, None));
                }
            }
        }
    }

    /// What agents did in User support.
    fn groups_of_members_changed(&self, diary: &mut Diary) {
        let agent = self.colleagues[2].actor();
        for stay in self.stays {
            let guest = &self.guests[stay.guest];
            let subject = || Subject::new("member", guest.id, guest.person.name.clone());
            let (with, without) = (json!([GROUPS[stay.group].name]), json!([]));
            if let Way::Known(Source::Support { reason, .. }) = &stay.way {
                let change = (json!({ "user_groups": without }), json!({ "user_groups": with, "reason": reason }));
                diary.note(stay.joined_at, &agent, subject(), "user groups changed", (Some(change.0), Some(change.1)));
            }
            if let Some((at, Way::Known(Source::Support { reason, .. }))) = &stay.left {
                let change = (json!({ "user_groups": with }), json!({ "user_groups": without, "reason": reason }));
                diary.note(*at, &agent, subject(), "user groups changed", (Some(change.0), Some(change.1)));
            }
        }
    }

    fn members_blocked(&self, diary: &mut Diary) {
        for guest in self.guests {
            if let (Some(at), Some(reason)) = (guest.blocked_at, guest.person.blocked) {
                let subject = Subject::new("member", guest.id, guest.person.name.clone());
                let after = Some(json!({ "reason": reason }));
                diary.note(at, &self.colleagues[2].actor(), subject, "member blocked", (None, after));
            }
        }
    }

    /// On working days of the last three weeks.
    fn signed_in(&self, diary: &mut Diary) {
        for back in 1..=21_i64 {
            for (place, colleague) in self.colleagues.iter().enumerate() {
                let mut dice = Dice::of(0x5160, back.unsigned_abs() * 3 + place as u64);
                let (hour, minute) = (dice.between(7, 10), dice.between(0, 59));
                let at = self.calendar.at(-back, u32::try_from(hour).unwrap_or(8), u32::try_from(minute).unwrap_or(0));
                if dice.chance(620) {
                    diary.note(at, &colleague.actor(), self.account(colleague), "signed in", (None, None));
                }
            }
        }
    }
}

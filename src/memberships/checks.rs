//! The checks of a code in the app, in the order in which they are made. Each looks at one thing, so that a verdict
//! can tell all of them; where no code is known, those after the second have nothing to say.

use super::refusal::{Inactive, NotYours, Refusal};
use super::situation::{KnownCode, Situation};

/// One check: passed, or why not.
pub type Check = fn(&Situation) -> Result<(), Refusal>;

/// All checks with their stable codes; the first that fails answers.
pub const CHECKS: [(&str, Check); 8] = [
    ("too_many_attempts", may_try),
    ("code_unknown", is_known),
    ("in_app_validation_not_allowed", may_be_entered_in_the_app),
    ("campaign_not_active", campaign_is_active),
    ("group_not_active", group_is_active),
    ("not_a_receiver", is_a_receiver),
    ("already_member", is_not_in_yet),
    ("code_used_up", has_uses_left),
];

/// The first check that fails, if one does.
pub fn first_refusal(situation: &Situation) -> Result<(), Refusal> {
    CHECKS.iter().try_for_each(|(_, check)| check(situation))
}

fn of_known(situation: &Situation, check: impl Fn(&KnownCode) -> Result<(), Refusal>) -> Result<(), Refusal> {
    situation.code.as_ref().map_or(Ok(()), check)
}

fn may_try(situation: &Situation) -> Result<(), Refusal> {
    match situation.wait_until {
        Some(until) if until > situation.now => Err(Refusal::wait(until, situation.now)),
        _ => Ok(()),
    }
}

fn is_known(situation: &Situation) -> Result<(), Refusal> {
    if situation.code.is_some() { Ok(()) } else { Err(Refusal::CodeUnknown) }
}

fn may_be_entered_in_the_app(situation: &Situation) -> Result<(), Refusal> {
    of_known(situation, |code| if code.in_app { Ok(()) } else { Err(Refusal::InAppValidationNotAllowed) })
}

fn campaign_is_active(situation: &Situation) -> Result<(), Refusal> {
    let now = situation.now;
    of_known(situation, |code| {
        // what was issued for N days is over for its holder, though not for others
        let expired = code.expires_at.filter(|end| *end <= now && !code.withdrawn);
        let Some(inactive) = Inactive::at(now, situation.zone, &code.marks, &code.times, expired) else {
            return Ok(());
        };
        Err(Refusal::CampaignNotActive(inactive))
    })
}

fn group_is_active(situation: &Situation) -> Result<(), Refusal> {
    of_known(situation, |code| match &code.group {
        Some(group) if situation.now < group.starts_at => {
            Err(Refusal::GroupStarts { group: group.name.clone(), at: group.starts_at })
        }
        Some(group) => match group.stops_at.filter(|stop| *stop <= situation.now) {
            Some(at) => Err(Refusal::GroupEnded { group: group.name.clone(), at }),
            None => Ok(()),
        },
        None => Ok(()),
    })
}

fn is_a_receiver(situation: &Situation) -> Result<(), Refusal> {
    if situation.blocked {
        return Err(Refusal::NotAReceiver(NotYours::Blocked));
    }
    of_known(situation, |code| {
        let why = match code.owner {
            Some(_) if !code.is_own => NotYours::Another,
            Some(_) if code.withdrawn => NotYours::Withdrawn,
            None if !code.is_receiver => NotYours::NotAmong,
            _ => return Ok(()),
        };
        Err(Refusal::NotAReceiver(why))
    })
}

fn is_not_in_yet(situation: &Situation) -> Result<(), Refusal> {
    of_known(situation, |code| match &code.group {
        Some(group) if group.is_in => Err(Refusal::AlreadyMember { group: group.name.clone() }),
        _ => Ok(()),
    })
}

fn has_uses_left(situation: &Situation) -> Result<(), Refusal> {
    of_known(situation, |code| {
        if code.uses_by_member >= code.uses_for_member.into() {
            Err(Refusal::UsedByMember { uses: code.uses_by_member })
        } else if code.is_used_up {
            Err(Refusal::UsedUp)
        } else {
            Ok(())
        }
    })
}

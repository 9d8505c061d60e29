//! The audience as arithmetic: included − excluded − blocked − unreachable = receivers.

use diesel::{PgConnection, QueryResult};

use crate::campaigns::audience::{Audience, Part, Reach};
use crate::campaigns::{Channel, campaign};
use crate::ids::CampaignId;

/// One number, a link to those members.
pub struct SumPart {
    /// List of those members.
    pub href: String,
    /// How many.
    pub number: i64,
    /// "excluded"
    pub words: &'static str,
    /// "", "sum-minus", "sum-equals".
    pub class: &'static str,
}

/// The arithmetic; empty while nothing is chosen.
pub struct Sum {
    /// In order.
    pub parts: Vec<SumPart>,
}

impl Sum {
    /// Counted now. `query` repeats the choices in the links, where they are not stored yet.
    pub fn of(conn: &mut PgConnection, id: CampaignId, audience: Option<&Audience>, query: &str) -> QueryResult<Self> {
        let Some(audience) = audience else { return Ok(Self { parts: Vec::new() }) };
        let reach = audience.reach(conn)?;
        let shown =
            |part: &Part| *part != Part::Unreachable || matches!(audience.channel, Channel::Sms | Channel::Email);
        let part = |part: Part| SumPart {
            href: href(id, part, query),
            number: number(&reach, part),
            words: words(part, audience.channel),
            class: match part {
                Part::Included => "",
                Part::Receivers => "sum-equals",
                _ => "sum-minus",
            },
        };
        Ok(Self { parts: Part::ALL.into_iter().filter(shown).map(part).collect() })
    }

    /// How many receive it.
    pub fn receivers(&self) -> i64 {
        self.parts.last().map_or(0, |part| part.number)
    }

    /// Whether someone chose, and nobody is left.
    pub fn is_nobody(&self) -> bool {
        !self.parts.is_empty() && self.receivers() == 0
    }
}

fn href(id: CampaignId, part: Part, query: &str) -> String {
    let path = format!("{}/audience/{}", campaign::path(id), part.key());
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// The number of a part.
pub fn number(reach: &Reach, part: Part) -> i64 {
    match part {
        Part::Included => reach.included,
        Part::Excluded => reach.excluded,
        Part::Blocked => reach.blocked,
        Part::Unreachable => reach.unreachable,
        Part::Receivers => reach.receivers,
    }
}

/// For a Code coupon the receivers are those who may validate it in the app.
fn words(part: Part, channel: Channel) -> &'static str {
    match part {
        Part::Included => "included",
        Part::Excluded => "excluded",
        Part::Blocked => "blocked",
        Part::Unreachable => "no consent or address",
        Part::Receivers if channel == Channel::Code => "may use it",
        Part::Receivers => "receivers",
    }
}

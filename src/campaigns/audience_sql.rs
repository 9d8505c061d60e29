//! The one text that says who is in which part of an audience. Arithmetic, lists, issuing and the question about one
//! member all select from it, so they cannot differ.

use super::Audience;
use super::Channel;
use crate::ids::GroupId;

/// Which members are looked at: `after < id <= up_to`. A chunk of issuing, one member, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Members after this key.
    pub after: i64,
    /// Members up to and with this key.
    pub up_to: i64,
}

impl Bounds {
    /// Every member.
    pub const ALL: Self = Self { after: 0, up_to: i64::MAX };

    /// One member.
    pub fn one(member: crate::ids::MemberId) -> Self {
        Self { after: member.0 - 1, up_to: member.0 }
    }

    /// The condition on a column that holds members' keys; begins with AND, or is empty.
    pub fn on(self, column: &str) -> String {
        let mut text = String::new();
        if self.after > 0 {
            text += &format!(" AND {column} > {}", self.after);
        }
        if self.up_to < i64::MAX {
            text += &format!(" AND {column} <= {}", self.up_to);
        }
        text
    }
}

impl Audience {
    /// A query of (`id`, `part`): the included members within the bounds, each with the part they end in: 'excluded',
    /// a reason of the ledger ('blocked', 'no_address', 'no_consent') or 'receivers'. All that is written into it are
    /// numbers.
    pub fn sql(&self, bounds: Bounds) -> String {
        let text = self.text(bounds);
        format!(
            "SELECT member.id, CASE WHEN {} THEN 'excluded' ELSE coalesce({}, 'receivers') END AS part
             FROM member{} WHERE true{}{}",
            text.is_excluded, text.reason, text.excluded, text.bounds, text.through
        )
    }

    /// A query of (`id`): those whose part is 'receivers'.
    pub fn receivers_sql(&self, bounds: Bounds) -> String {
        let text = self.text(bounds);
        format!(
            "SELECT member.id FROM member{} WHERE true{}{} AND NOT ({}) AND ({}) IS NULL",
            text.excluded, text.bounds, text.through, text.is_excluded, text.reason
        )
    }

    /// A query of (`id`, `reason`, `through`) and whatever `more` adds of `member`: the included and not excluded
    /// members within the bounds, whom the ledger holds; `reason` says why one gets nothing, and is null for
    /// receivers. `through` has the bits of `places` of the groups that they came through; 0: for everyone.
    pub fn ledger_sql(&self, bounds: Bounds, places: &[(GroupId, i16)], more: &str) -> String {
        let text = self.text(bounds);
        let (came, through) = match self.base() {
            Base::Everyone => (String::new(), "0::bigint".to_owned()),
            Base::Nobody => (" JOIN (SELECT 0 AS id) AS nobody ON false".to_owned(), "0::bigint".to_owned()),
            Base::Groups => (self.came_through(bounds, places), "came.through".to_owned()),
        };
        format!(
            "SELECT member.id, {} AS reason, {through} AS through{more} FROM member{}{came} WHERE true{} AND NOT ({})",
            self.reason(UNSUBSCRIBED),
            text.excluded,
            text.bounds,
            text.is_excluded
        )
    }

    /// The included groups' members, each once, with the bits of those groups.
    fn came_through(&self, bounds: Bounds, places: &[(GroupId, i16)]) -> String {
        let bit = |group: &GroupId| {
            let place = places.iter().find(|(placed, _)| placed == group).map(|(_, place)| *place);
            place.filter(|place| (0..62).contains(place)).map_or(0, |place| 1_i64 << place)
        };
        let stays = stays(&self.included, bounds);
        let members = match self.included.as_slice() {
            // one group holds a member once
            [group] => format!("SELECT stay.member_id, {}::bigint AS through FROM {stays}", bit(group)),
            groups => {
                let bits: String = groups.iter().map(|group| format!(" WHEN {group} THEN {}", bit(group))).collect();
                format!(
                    "SELECT stay.member_id, bit_or((CASE stay.group_id{bits} END)::bigint) AS through FROM {stays}
                     GROUP BY stay.member_id"
                )
            }
        };
        format!(" JOIN ({members}) AS came ON came.member_id = member.id")
    }

    fn text(&self, bounds: Bounds) -> Text {
        let through = match self.base() {
            Base::Everyone => String::new(),
            Base::Groups => {
                let stays = stays(&self.included, bounds);
                format!(" AND EXISTS (SELECT FROM {stays} AND stay.member_id = member.id)")
            }
            Base::Nobody => " AND false".to_owned(),
        };
        let (excluded, is_excluded) = if self.everyone || self.excluded.is_empty() {
            (String::new(), "false")
        } else {
            // one group holds a member once
            let distinct = if self.excluded.len() > 1 { "DISTINCT " } else { "" };
            let stays = stays(&self.excluded, bounds);
            (
                format!(
                    " LEFT JOIN (SELECT {distinct}stay.member_id FROM {stays}) AS out ON out.member_id = member.id"
                ),
                "out.member_id IS NOT NULL",
            )
        };
        Text { excluded, is_excluded, bounds: bounds.on("member.id"), through, reason: self.reason("'no_consent'") }
    }

    /// Why a member gets nothing, by the keys of `Skip`; null for a receiver. `no_consent`: what stands for those
    /// without consent.
    fn reason(&self, no_consent: &str) -> String {
        let blocked = "CASE WHEN member.blocked_at IS NOT NULL THEN 'blocked'";
        let (address, consent, channel) = match self.channel {
            Channel::Sms => ("phone", "sms_consent", "sms"),
            Channel::Email => ("email", "email_consent", "email"),
            Channel::App | Channel::Code => return format!("{blocked} END"),
        };
        let no_consent = no_consent.replace("{channel}", channel);
        format!(
            "{blocked} WHEN member.{address} IS NULL THEN 'no_address' WHEN NOT member.{consent} THEN {no_consent} END"
        )
    }

    fn base(&self) -> Base {
        match (self.everyone, self.included.is_empty(), self.excluded.is_empty()) {
            (true, ..) | (false, true, false) => Base::Everyone,
            (false, false, _) => Base::Groups,
            (false, true, true) => Base::Nobody,
        }
    }

    /// Whether all members are included, whatever groups they are in.
    pub fn starts_from_everyone(&self) -> bool {
        matches!(self.base(), Base::Everyone)
    }
}

/// Who ended such messages by the link in one is told apart where it is stored; the arithmetic need not look.
const UNSUBSCRIBED: &str = "CASE WHEN (
  SELECT source FROM member_consent WHERE member_consent.member_id = member.id AND member_consent.channel = '{channel}'
  ORDER BY at DESC LIMIT 1) = 'unsubscribe' THEN 'unsubscribed' ELSE 'no_consent' END";

/// Open stays in these groups. The bounds stand in each part of a query, as the planner does not carry a range from
/// one table to the other.
fn stays(groups: &[GroupId], bounds: Bounds) -> String {
    format!(
        "membership AS stay WHERE stay.left_at IS NULL AND stay.group_id IN ({}){}",
        keys(groups),
        bounds.on("stay.member_id")
    )
}

/// What the queries are made of.
struct Text {
    /// Joined to the members: those who are excluded.
    excluded: String,
    is_excluded: &'static str,
    /// Conditions, each with AND before it.
    bounds: String,
    through: String,
    reason: String,
}

enum Base {
    Everyone,
    Groups,
    Nobody,
}

fn keys(groups: &[GroupId]) -> String {
    groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

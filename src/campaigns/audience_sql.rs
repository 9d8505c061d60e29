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
    /// A query of (`id`, `part`): the included members within the bounds, each with the part they end in:
    /// 'excluded', 'blocked', 'unreachable' or 'receivers'. All that is written into it are numbers.
    pub fn sql(&self, bounds: Bounds) -> String {
        let text = self.text(bounds);
        format!(
            "SELECT member.id, CASE WHEN {} THEN 'excluded' WHEN member.blocked_at IS NOT NULL THEN 'blocked'
                WHEN {} THEN 'receivers' ELSE 'unreachable' END AS part FROM {}",
            text.is_excluded, text.is_reachable, text.included
        )
    }

    /// A query of (`id`): those whose part is 'receivers', said so that the planner sees how many they are.
    pub fn receivers_sql(&self, bounds: Bounds) -> String {
        let text = self.text(bounds);
        format!(
            "SELECT member.id FROM {} AND NOT ({}) AND member.blocked_at IS NULL AND {}",
            text.included, text.is_excluded, text.is_reachable
        )
    }

    fn text(&self, bounds: Bounds) -> Text {
        // the bounds stand in each part, as the planner does not carry a range from one table to the other
        let stays = |groups: &[GroupId]| {
            format!(
                "membership AS stay WHERE stay.left_at IS NULL AND stay.group_id IN ({}){}",
                keys(groups),
                bounds.on("stay.member_id")
            )
        };
        let through = match self.base() {
            Base::Everyone => String::new(),
            Base::Groups => {
                format!(" AND EXISTS (SELECT FROM {} AND stay.member_id = member.id)", stays(&self.included))
            }
            Base::Nobody => " AND false".to_owned(),
        };
        let (excluded, is_excluded) = if self.everyone || self.excluded.is_empty() {
            (String::new(), "false")
        } else {
            // one group holds a member once
            let distinct = if self.excluded.len() > 1 { "DISTINCT " } else { "" };
            let stays = stays(&self.excluded);
            (
                format!(
                    " LEFT JOIN (SELECT {distinct}stay.member_id FROM {stays}) AS out ON out.member_id = member.id"
                ),
                "out.member_id IS NOT NULL",
            )
        };
        Text {
            included: format!("member{excluded} WHERE true{}{through}", bounds.on("member.id")),
            is_excluded,
            is_reachable: match self.channel {
                Channel::Sms => "member.sms_consent AND member.phone IS NOT NULL",
                Channel::Email => "member.email_consent AND member.email IS NOT NULL",
                Channel::App | Channel::Code => "true",
            },
        }
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

/// What both queries are made of.
struct Text {
    /// Tables and conditions of the included members; more conditions can follow.
    included: String,
    is_excluded: &'static str,
    is_reachable: &'static str,
}

enum Base {
    Everyone,
    Groups,
    Nobody,
}

fn keys(groups: &[GroupId]) -> String {
    groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

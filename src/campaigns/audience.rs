//! Who a campaign is sent to: exclude always wins over include.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::{QueryableByName, sql_query};

use super::Channel;
use super::audience_sql::Bounds;
use crate::ids::{CampaignId, GroupId, MemberId};
use crate::members::Guarded;
use crate::schema::{campaign, campaign_group, member_group};
use crate::web::{Keyset, Slice};

/// Rows of a list of members.
const PAGE: usize = 50;
/// Stands in for included groups that are all over: no group has this key, so nobody is in it.
const NO_GROUP: GroupId = GroupId(0);

/// Receivers as chosen, and the channel that must reach them. Groups count by their open stays now. Excludes alone
/// mean everyone but them; nothing chosen means nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// All members, whatever groups are named.
    pub everyone: bool,
    /// Members of any of these.
    pub included: Vec<GroupId>,
    /// But of none of these.
    pub excluded: Vec<GroupId>,
    /// SMS and e-mail need an address and consent.
    pub channel: Channel,
}

/// The arithmetic: included − excluded − blocked − unreachable = receivers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct Reach {
    /// Before anything is taken away.
    #[diesel(sql_type = BigInt)]
    pub included: i64,
    /// Of those, in an excluded group.
    #[diesel(sql_type = BigInt)]
    pub excluded: i64,
    /// Of the rest, blocked.
    #[diesel(sql_type = BigInt)]
    pub blocked: i64,
    /// Of the rest, without consent or address for the channel.
    #[diesel(sql_type = BigInt)]
    pub unreachable: i64,
    /// Who remains.
    #[diesel(sql_type = BigInt)]
    pub receivers: i64,
}

/// A number of the arithmetic whose members can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All that were included.
    Included,
    /// Taken away by an excluded group.
    Excluded,
    /// Taken away because they are blocked.
    Blocked,
    /// Taken away for want of consent or address.
    Unreachable,
    /// Who remains.
    Receivers,
}

/// A line of such a list.
#[derive(Debug, Clone, QueryableByName)]
pub struct AudienceMember {
    /// Key.
    #[diesel(sql_type = BigInt)]
    pub id: MemberId,
    /// Member number.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    /// Name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// E.164.
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<Guarded>,
    /// E-mail address.
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<Guarded>,
}

#[derive(QueryableByName)]
struct IncludesRow {
    #[diesel(sql_type = Bool)]
    includes: bool,
}

impl Audience {
    /// As a campaign's receivers step holds it. Not found: no such campaign.
    pub fn of(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
        let (everyone, channel): (Option<bool>, String) =
            campaign::table.find(id).select((campaign::everyone, campaign::channel)).first(conn)?;
        let groups: Vec<(GroupId, bool)> = campaign_group::table
            .filter(campaign_group::campaign_id.eq(id))
            .order(campaign_group::group_id)
            .select((campaign_group::group_id, campaign_group::included))
            .load(conn)?;
        let (included, excluded): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(_, included)| *included);
        Ok(Self {
            everyone: everyone == Some(true),
            included: included.into_iter().map(|(group, _)| group).collect(),
            excluded: excluded.into_iter().map(|(group, _)| group).collect(),
            channel: Channel::parse(&channel).unwrap_or(Channel::App),
        })
    }

    /// Without included groups that are over: nothing more is issued through them. What they exclude, they go on
    /// excluding.
    pub fn still_running(mut self, conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Self> {
        if self.included.is_empty() {
            return Ok(self);
        }
        self.included = member_group::table
            .filter(member_group::id.eq_any(&self.included))
            .filter(member_group::stops_at.is_null().or(member_group::stops_at.gt(now)))
            .order(member_group::id)
            .select(member_group::id)
            .load(conn)?;
        if self.included.is_empty() {
            // an empty list would mean everyone but the excluded
            self.included.push(NO_GROUP);
        }
        Ok(self)
    }

    /// The arithmetic, exact, in one pass.
    pub fn reach(&self, conn: &mut PgConnection) -> QueryResult<Reach> {
        sql_query(format!(
            "SELECT count(*) AS included, count(*) FILTER (WHERE part = 'excluded') AS excluded,
                count(*) FILTER (WHERE part = 'blocked') AS blocked,
                count(*) FILTER (WHERE part IN ('no_address', 'no_consent')) AS unreachable,
                count(*) FILTER (WHERE part = 'receivers') AS receivers
             FROM ({}) AS audience",
            self.sql(Bounds::ALL)
        ))
        .get_result(conn)
    }

    /// A page of the members behind one number, by their key.
    pub fn members(&self, conn: &mut PgConnection, part: Part, keyset: &Keyset) -> QueryResult<Slice<AudienceMember>> {
        let key = keyset.key().and_then(|key| key.parse::<i64>().ok()).unwrap_or(0).max(0);
        let (bounds, order) = if keyset.is_backwards() {
            (Bounds { up_to: key.saturating_sub(1), ..Bounds::ALL }, "DESC")
        } else {
            (Bounds { after: key, ..Bounds::ALL }, "ASC")
        };
        let only = match part {
            Part::Included => String::new(),
            Part::Unreachable => "WHERE part IN ('no_address', 'no_consent')".to_owned(),
            _ => format!("WHERE part = '{}'", part.key()),
        };
        let rows: Vec<AudienceMember> = sql_query(format!(
            "SELECT member.id, member.number, member.name, member.phone, member.email
             FROM (SELECT id FROM ({}) AS audience {only} ORDER BY id {order} LIMIT {}) AS page
             JOIN member USING (id) ORDER BY id {order}",
            self.sql(bounds),
            PAGE + 1
        ))
        .load(conn)?;
        Ok(Slice::cut(rows, keyset, PAGE, |row| row.id.to_string()))
    }

    /// Whether this member is a receiver.
    pub fn includes(&self, conn: &mut PgConnection, member: MemberId) -> QueryResult<bool> {
        sql_query(format!("SELECT EXISTS ({}) AS includes", self.receivers_sql(Bounds::one(member))))
            .get_result::<IncludesRow>(conn)
            .map(|row| row.includes)
    }
}

impl Part {
    /// All, in the order of the arithmetic.
    pub const ALL: [Self; 5] = [Self::Included, Self::Excluded, Self::Blocked, Self::Unreachable, Self::Receivers];

    /// For addresses, and as the SQL names it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Included => "included",
            Self::Excluded => "excluded",
            Self::Blocked => "blocked",
            Self::Unreachable => "unreachable",
            Self::Receivers => "receivers",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Included => "Included",
            Self::Excluded => "Excluded",
            Self::Blocked => "Blocked",
            Self::Unreachable => "No consent or address",
            Self::Receivers => "Receivers",
        }
    }

    /// The part with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.key() == key)
    }
}

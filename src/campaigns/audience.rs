                               WHERE campaign_id = $1 AND NOT included AND member_id = $2 AND left_at IS NULL)
                               WHERE campaign_id = $1 AND included AND member_id = $2 AND left_at IS NULL))) AS included
                    OR EXISTS (SELECT FROM campaign_group JOIN membership USING (group_id)
                count(*) FILTER (WHERE part = 'blocked') AS blocked,
                count(*) FILTER (WHERE part = 'receivers') AS receivers
                count(*) FILTER (WHERE part = 'unreachable') AS unreachable,
               AND (NOT EXISTS (SELECT FROM campaign_group WHERE campaign_id = $1 AND included)
               AND NOT EXISTS (SELECT FROM campaign_group JOIN membership USING (group_id)
               EXISTS (SELECT FROM campaign_group WHERE campaign_id = $1)
             FROM (SELECT id FROM ({}) AS audience {only} ORDER BY id {order} LIMIT {}) AS page
             FROM ({}) AS audience",
             FROM campaign WHERE id = $1",
             JOIN member USING (id) ORDER BY id {order}",
            "SELECT EXISTS (SELECT FROM ({}) AS audience WHERE part = 'receivers') AS includes",
            "SELECT coalesce(campaign.everyone, false) OR (
            "SELECT count(*) AS included, count(*) FILTER (WHERE part = 'excluded') AS excluded,
            "SELECT member.id, member.number, member.name, member.phone, member.email
            (Bounds { after: key, ..Bounds::ALL }, "ASC")
            (Bounds { up_to: key.saturating_sub(1), ..Bounds::ALL }, "DESC")
            .filter(campaign_group::campaign_id.eq(id))
            .filter(member_group::id.eq_any(&self.included))
            .filter(member_group::stops_at.is_null().or(member_group::stops_at.gt(now)))
            .load(conn)?;
            .order(campaign_group::group_id)
            .order(member_group::id)
            .select((campaign_group::group_id, campaign_group::included))
            .select(member_group::id)
            // an empty list would mean everyone but the excluded
            PAGE + 1
            Self::Blocked => "Blocked",
            Self::Blocked => "blocked",
            Self::Excluded => "Excluded",
            Self::Excluded => "excluded",
            Self::Included => "Included",
            Self::Included => "included",
            Self::Receivers => "Receivers",
            Self::Receivers => "receivers",
            Self::Unreachable => "No consent or address",
            Self::Unreachable => "unreachable",
            campaign::table.find(id).select((campaign::everyone, campaign::channel)).first(conn)?;
            channel: Channel::parse(&channel).unwrap_or(Channel::App),
            everyone: everyone == Some(true),
            excluded: excluded.into_iter().map(|(group, _)| group).collect(),
            included: included.into_iter().map(|(group, _)| group).collect(),
            return Ok(self);
            self.included.push(NO_GROUP);
            self.sql(Bounds::ALL)
            self.sql(Bounds::one(member))
            self.sql(bounds),
        )
        ))
        .bind::<BigInt, _>(member)
        .bind::<BigInt, _>(self.campaign)
        .get_result(conn)
        .get_result::<IncludedRow>(conn)
        .get_result::<IncludesRow>(conn)
        .load(conn)?;
        .map(|row| row.included)
        .map(|row| row.includes)
        Ok(Self {
        Ok(Self { campaign })
        Ok(Slice::cut(rows, keyset, PAGE, |row| row.id.to_string()))
        Ok(self)
        Self::ALL.into_iter().find(|part| part.key() == key)
        if self.included.is_empty() {
        let (bounds, order) = if keyset.is_backwards() {
        let (everyone, channel): (Option<bool>, String) =
        let (included, excluded): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(_, included)| *included);
        let groups: Vec<(GroupId, bool)> = campaign_group::table
        let key = keyset.key().and_then(|key| key.parse::<i64>().ok()).unwrap_or(0).max(0);
        let only = if part == Part::Included { String::new() } else { format!("WHERE part = '{}'", part.key()) };
        let rows: Vec<AudienceMember> = sql_query(format!(
        match self {
        self.included = member_group::table
        sql_query(
        sql_query(format!(
        }
        } else {
        })
        };
    #[diesel(sql_type = BigInt)]
    #[diesel(sql_type = Bool)]
    #[diesel(sql_type = Nullable<Text>)]
    #[diesel(sql_type = Text)]
    /// A page of the members behind one number, by their key.
    /// All members, whatever groups are named.
    /// All that were included.
    /// All, in the order of the arithmetic.
    /// As a campaign's receivers step holds it. Not found: no such campaign.
    /// As shown.
    /// Before anything is taken away.
    /// But of none of these.
    /// E-mail address.
    /// E.164.
    /// For addresses, and as the SQL names it.
    /// Key.
    /// Member number.
    /// Members of any of these.
    /// Name.
    /// Of the rest, blocked.
    /// Of the rest, without consent or address for the channel.
    /// Of this campaign.
    /// Of those, in an excluded group.
    /// SMS and e-mail need an address and consent.
    /// Taken away because they are blocked.
    /// Taken away by an excluded group.
    /// Taken away for want of consent or address.
    /// The arithmetic, exact, in one pass.
    /// The part with this key.
    /// Whether this member is a receiver.
    /// Whether this member is among them now. Exclude wins; excludes alone mean everyone but them.
    /// Who remains.
    /// Without included groups that are over: nothing more is issued through them. What they exclude, they go on
    /// excluding.
    Blocked,
    Excluded,
    Included,
    Receivers,
    Unreachable,
    campaign: CampaignId,
    included: bool,
    includes: bool,
    pub blocked: i64,
    pub channel: Channel,
    pub const ALL: [Self; 5] = [Self::Included, Self::Excluded, Self::Blocked, Self::Unreachable, Self::Receivers];
    pub email: Option<String>,
    pub everyone: bool,
    pub excluded: Vec<GroupId>,
    pub excluded: i64,
    pub fn includes(&self, conn: &mut PgConnection, member: MemberId) -> QueryResult<bool> {
    pub fn key(self) -> &'static str {
    pub fn label(self) -> &'static str {
    pub fn members(&self, conn: &mut PgConnection, part: Part, keyset: &Keyset) -> QueryResult<Slice<AudienceMember>> {
    pub fn of(_: &mut PgConnection, campaign: CampaignId) -> QueryResult<Self> {
    pub fn of(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
    pub fn parse(key: &str) -> Option<Self> {
    pub fn reach(&self, conn: &mut PgConnection) -> QueryResult<Reach> {
    pub fn still_running(mut self, conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Self> {
    pub id: MemberId,
    pub included: Vec<GroupId>,
    pub included: i64,
    pub name: String,
    pub number: i64,
    pub phone: Option<String>,
    pub receivers: i64,
    pub unreachable: i64,
    }
#[derive(Debug, Clone)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[derive(Debug, Clone, PartialEq, Eq)]
#[derive(Debug, Clone, QueryableByName)]
#[derive(QueryableByName)]
//! Who a campaign is for.
//! Who a campaign is sent to: exclude always wins over include.
/// A campaign's receivers, as a rule.
/// A line of such a list.
/// A number of the arithmetic whose members can be listed.
/// Receivers as chosen, and the channel that must reach them. Groups count by their open stays now. Excludes alone
/// Rows of a list of members.
/// Stands in for included groups that are all over: no group has this key, so nobody is in it.
/// The arithmetic: included − excluded − blocked − unreachable = receivers.
/// mean everyone but them; nothing chosen means nobody.
const NO_GROUP: GroupId = GroupId(0);
const PAGE: usize = 50;
impl Audience {
impl Part {
pub enum Part {
pub struct Audience {
pub struct AudienceMember {
pub struct Reach {
struct IncludedRow {
struct IncludesRow {
use chrono::{DateTime, Utc};
use crate::ids::{CampaignId, GroupId, MemberId};
use crate::ids::{CampaignId, MemberId};
use crate::schema::{campaign, campaign_group, member_group};
use crate::web::{Keyset, Slice};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::sql_types::{BigInt, Bool};
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query};
use diesel::{QueryableByName, sql_query};
use super::Channel;
use super::audience_sql::Bounds;
}
    }
}

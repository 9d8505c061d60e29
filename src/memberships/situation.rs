//! All that decides whether a member may use a code now, loaded at once.

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, SmallInt, Text, Time, Timestamptz};

use super::code_entry::{WRONG_PER_ADDRESS, WRONG_PER_MEMBER, Who};
use crate::campaigns::audience::Audience;
use crate::campaigns::valid_times::ValidTimes;
use crate::campaigns::{Channel, Marks};
use crate::db::Kept;
use crate::ids::{CampaignId, GroupId, MemberId};

/// A member, a code, and how things stand at this moment.
#[derive(Debug, Clone)]
pub struct Situation {
    /// This moment.
    pub now: DateTime<Utc>,
    /// The organisation's.
    pub zone: Tz,
    /// Whether the member is blocked.
    pub blocked: bool,
    /// Until when no code is taken from this member or address; none: one is taken now.
    pub wait_until: Option<DateTime<Utc>>,
    /// The code with this text, if there is one.
    pub code: Option<KnownCode>,
}

/// A code that exists, its campaign, and what it means to the member.
#[derive(Debug, Clone)]
pub struct KnownCode {
    /// As stored.
    pub text: String,
    /// Of this campaign.
    pub campaign: CampaignId,
    /// The campaign's title.
    pub title: String,
    /// How it reaches people.
    pub channel: Option<Channel>,
    /// Whether the app takes it.
    pub in_app: bool,
    /// The campaign's dates and marks.
    pub marks: Marks,
    /// Weekdays and hours.
    pub times: ValidTimes,
    /// Who joins what by it.
    pub group: Option<JoinedGroup>,
    /// Whether uses are left.
    pub is_used_up: bool,
    /// Whose it is; none: anyone's.
    pub owner: Option<MemberId>,
    /// Whether the member is the owner.
    pub is_own: bool,
    /// Of a Code coupon: whether the member is among its receivers.
    pub is_receiver: bool,
    /// Whether what the member was issued of the campaign was withdrawn.
    pub withdrawn: bool,
    /// When what the member was issued expires.
    pub expires_at: Option<DateTime<Utc>>,
    /// Uses by this member, of any code of the campaign; what a till holds for them counts.
    pub uses_by_member: i64,
    /// How many of them are allowed.
    pub uses_for_member: i32,
}

/// The group that joins by the campaign.
#[derive(Debug, Clone)]
pub struct JoinedGroup {
    /// Key.
    pub id: GroupId,
    /// Name.
    pub name: String,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// The first moment after it.
    pub stops_at: Option<DateTime<Utc>>,
    /// Whether the member is in.
    pub is_in: bool,
}

const QUERY: &str = "
    SELECT member.blocked_at IS NOT NULL AS blocked, setting.time_zone,
      greatest(
        (SELECT window_ends_at FROM throttle WHERE key = $4 AND count >= $5 AND window_ends_at > $3),
        (SELECT window_ends_at FROM throttle WHERE key = $6 AND count >= $7 AND window_ends_at > $3)) AS wait_until,
      code.text, code.member_id AS owner, coalesce(code.uses_taken >= code.uses_allowed, false) AS is_used_up,
      campaign.id AS campaign_id, campaign.title, campaign.channel, campaign.everyone,
      campaign.validations_per_member, campaign.allow_in_app_validation,
      campaign.starts_at, campaign.ends_at, campaign.published_at, campaign.paused_at, campaign.cancelled_at,
      campaign.weekdays, campaign.valid_from, campaign.valid_until,
      joined.id AS group_id, joined.name AS group_name,
      joined.starts_at AS group_starts_at, joined.stops_at AS group_stops_at,
      EXISTS (SELECT FROM membership WHERE group_id = joined.id AND member_id = $1 AND left_at IS NULL) AS is_in,
      (SELECT count(*) FROM validation WHERE validation.member_id = $1 AND validation.campaign_id = campaign.id
         AND reversed_at IS NULL)
      + (SELECT count(*) FROM reservation WHERE reservation.member_id = $1 AND reservation.campaign_id = campaign.id
           AND validated_at IS NULL AND cancelled_at IS NULL AND expired_at IS NULL AND ends_at > $3) AS uses_by_member,
      delivery.expires_at, delivery.withdrawn_at IS NOT NULL AS withdrawn
    FROM member CROSS JOIN setting
    LEFT JOIN code ON code.text = $2
    LEFT JOIN campaign ON campaign.id = code.campaign_id
    LEFT JOIN member_group AS joined ON joined.campaign_id = campaign.id
    LEFT JOIN delivery ON delivery.member_id = member.id AND delivery.campaign_id = campaign.id
    WHERE member.id = $1";

#[derive(QueryableByName)]
struct SituationRow {
    #[diesel(sql_type = Bool)]
    blocked: bool,
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    wait_until: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    owner: Option<MemberId>,
    #[diesel(sql_type = Bool)]
    is_used_up: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    campaign_id: Option<CampaignId>,
    #[diesel(sql_type = Nullable<Text>)]
    title: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    channel: Option<String>,
    #[diesel(sql_type = Nullable<Bool>)]
    everyone: Option<bool>,
    #[diesel(sql_type = Nullable<Integer>)]
    validations_per_member: Option<i32>,
    #[diesel(sql_type = Nullable<Bool>)]
    allow_in_app_validation: Option<bool>,
    #[diesel(embed)]
    marks: Marks,
    #[diesel(sql_type = Nullable<SmallInt>)]
    weekdays: Option<i16>,
    #[diesel(sql_type = Nullable<Time>)]
    valid_from: Option<NaiveTime>,
    #[diesel(sql_type = Nullable<Time>)]
    valid_until: Option<NaiveTime>,
    #[diesel(sql_type = Nullable<BigInt>)]
    group_id: Option<GroupId>,
    #[diesel(sql_type = Nullable<Text>)]
    group_name: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    group_starts_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    group_stops_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    is_in: bool,
    #[diesel(sql_type = BigInt)]
    uses_by_member: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    expires_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    withdrawn: bool,
}

impl Situation {
    /// Of this member and the code with this text (in normal form; "" is no code's).
    pub fn load(conn: &mut PgConnection, who: &Who<'_>, text: &str, now: DateTime<Utc>) -> QueryResult<Self> {
        let row: SituationRow = Kept(
            sql_query(QUERY)
                .bind::<BigInt, _>(who.member)
                .bind::<Text, _>(text)
                .bind::<Timestamptz, _>(now)
                .bind::<Text, _>(who.member_key())
                .bind::<Integer, _>(WRONG_PER_MEMBER.tries)
                .bind::<Text, _>(who.address_key())
                .bind::<Integer, _>(WRONG_PER_ADDRESS.tries),
        )
        .get_result(conn)?;
        let mut situation = Self {
            now,
            zone: row.time_zone.parse().unwrap_or(Tz::UTC),
            blocked: row.blocked,
            wait_until: row.wait_until,
            code: None,
        };
        situation.code = row.known(conn, who.member)?;
        Ok(situation)
    }
}

impl SituationRow {
    fn known(self, conn: &mut PgConnection, member: MemberId) -> QueryResult<Option<KnownCode>> {
        let (Some(text), Some(campaign)) = (self.text, self.campaign_id) else { return Ok(None) };
        let channel = self.channel.as_deref().and_then(Channel::parse);
        // the receivers of a Code coupon are a rule; everyone needs no look
        let restricted = channel == Some(Channel::Code) && self.owner.is_none() && self.everyone != Some(true);
        let is_receiver = !restricted || Audience::of(conn, campaign)?.includes(conn, member)?;
        let group = self.group_id.zip(self.group_name).zip(self.group_starts_at).map(|((id, name), starts_at)| {
            JoinedGroup { id, name, starts_at, stops_at: self.group_stops_at, is_in: self.is_in }
        });
        Ok(Some(KnownCode {
            text,
            campaign,
            title: self.title.unwrap_or_default(),
            channel,
            in_app: self.allow_in_app_validation.unwrap_or_default(),
            marks: self.marks,
            times: ValidTimes::new(self.weekdays.unwrap_or(127), self.valid_from, self.valid_until),
            group,
            is_used_up: self.is_used_up,
            owner: self.owner,
            is_own: self.owner == Some(member),
            is_receiver,
            withdrawn: self.withdrawn,
            expires_at: self.expires_at,
            uses_by_member: self.uses_by_member,
            uses_for_member: self.validations_per_member.unwrap_or(1),
        }))
    }
}

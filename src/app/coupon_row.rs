//! Coupons as they are stored: what was issued, its campaign, its code, how often it was used.

use chrono::{DateTime, NaiveTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, SmallInt, Text, Time, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::coupon::{Coupon, Picture, State};
use crate::campaigns::offer::{Offer, OfferValue};
use crate::campaigns::valid_times::ValidTimes;
use crate::campaigns::{Marks, Status};
use crate::channels::MessageChannel;
use crate::codes::barcode::Barcode;
use crate::codes::text::CodeText;
use crate::db::Kept;
use crate::ids::{CampaignId, MemberId};
use crate::settings::Organisation;

/// What is said of every coupon; a condition follows.
macro_rules! coupons_where {
    ($condition:literal) => {
        concat!(
            "SELECT delivery.member_id, campaign.id, campaign.channel, campaign.title, campaign.body, campaign.terms, campaign.offer,
               campaign.amount, campaign.percent, campaign.buy_quantity, campaign.get_quantity, campaign.barcode,
               campaign.starts_at, campaign.ends_at, campaign.published_at, campaign.paused_at, campaign.cancelled_at,
               campaign.weekdays, campaign.valid_from, campaign.valid_until, campaign.validations_per_member,
               campaign.picture_id, picture.width, picture.height, member.blocked_at IS NOT NULL AS blocked,
               delivery.expires_at, delivery.seen_at, delivery.validated_at, delivery.withdrawn_at,
               delivery.code,
               coalesce(code.uses_taken >= code.uses_allowed, false) AS is_used_up,
               CASE WHEN delivery.validated_at IS NOT NULL THEN
                 (SELECT count(*) FROM validation WHERE validation.member_id = delivery.member_id
                    AND validation.campaign_id = campaign.id AND reversed_at IS NULL) ELSE 0 END AS uses
             FROM delivery
             JOIN campaign ON campaign.id = delivery.campaign_id
             JOIN member ON member.id = delivery.member_id
             LEFT JOIN picture ON picture.id = campaign.picture_id
             LEFT JOIN code ON code.text = delivery.code ",
            $condition
        )
    };
}

#[derive(QueryableByName)]
struct CouponRow {
    #[diesel(sql_type = BigInt)]
    member_id: MemberId,
    #[diesel(sql_type = BigInt)]
    id: CampaignId,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    body: String,
    #[diesel(sql_type = Text)]
    terms: String,
    #[diesel(sql_type = Nullable<Text>)]
    offer: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    amount: Option<i64>,
    #[diesel(sql_type = Nullable<Integer>)]
    percent: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    buy_quantity: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    get_quantity: Option<i32>,
    #[diesel(sql_type = Text)]
    barcode: String,
    #[diesel(embed)]
    marks: Marks,
    #[diesel(sql_type = SmallInt)]
    weekdays: i16,
    #[diesel(sql_type = Nullable<Time>)]
    valid_from: Option<NaiveTime>,
    #[diesel(sql_type = Nullable<Time>)]
    valid_until: Option<NaiveTime>,
    #[diesel(sql_type = Integer)]
    validations_per_member: i32,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    picture_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Integer>)]
    width: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    height: Option<i32>,
    #[diesel(sql_type = Bool)]
    blocked: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    expires_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    seen_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    validated_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    withdrawn_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    code: Option<String>,
    #[diesel(sql_type = Bool)]
    is_used_up: bool,
    #[diesel(sql_type = BigInt)]
    uses: i64,
}

impl Coupon {
    /// What the member holds: running or paused, not withdrawn, not expired; what expires first comes first. Of SMS
    /// and e-mail coupons, those that were issued with a link.
    pub fn held(
        conn: &mut PgConnection,
        member: MemberId,
        organisation: &Organisation,
        now: DateTime<Utc>,
    ) -> QueryResult<Vec<Self>> {
        let rows: Vec<CouponRow> = Kept(
            sql_query(coupons_where!(
                "WHERE delivery.member_id = $1 AND delivery.withdrawn_at IS NULL AND delivery.state <> 'skipped' AND delivery.failed_at IS NULL
                   AND delivery.code IS NOT NULL
                   AND (campaign.channel = 'app' OR delivery.token IS NOT NULL)
                   AND campaign.published_at IS NOT NULL AND campaign.cancelled_at IS NULL
                   AND campaign.starts_at <= $2 AND campaign.ends_at > $2
                   AND (delivery.expires_at IS NULL OR delivery.expires_at > $2)
                 ORDER BY least(delivery.expires_at, campaign.ends_at), campaign.id LIMIT 200"
            ))
            .bind::<BigInt, _>(member)
            .bind::<Timestamptz, _>(now),
        )
        .load(conn)?;
        Ok(rows.into_iter().map(|row| row.coupon(organisation, now)).collect())
    }

    /// What the member was issued of this campaign, whatever became of it.
    pub fn of_member(
        conn: &mut PgConnection,
        member: MemberId,
        campaign: CampaignId,
        organisation: &Organisation,
        now: DateTime<Utc>,
    ) -> QueryResult<Self> {
        let query = coupons_where!(
            "WHERE delivery.member_id = $1 AND delivery.campaign_id = $2 AND delivery.state <> 'skipped'"
        );
        Kept(sql_query(query).bind::<BigInt, _>(member).bind::<BigInt, _>(campaign))
            .get_result::<CouponRow>(conn)
            .map(|row| row.coupon(organisation, now))
    }

    /// What was issued under this token.
    pub fn of_token(
        conn: &mut PgConnection,
        token: Uuid,
        organisation: &Organisation,
        now: DateTime<Utc>,
    ) -> QueryResult<Self> {
        Kept(
            sql_query(coupons_where!("WHERE delivery.token = $1 AND delivery.state <> 'skipped'"))
                .bind::<SqlUuid, _>(token),
        )
        .get_result::<CouponRow>(conn)
        .map(|row| row.coupon(organisation, now))
    }

    /// Notes that the holder has opened it; the first time only.
    pub fn mark_seen(
        conn: &mut PgConnection,
        member: MemberId,
        campaign: CampaignId,
        now: DateTime<Utc>,
    ) -> QueryResult<()> {
        use crate::schema::delivery;
        diesel::update(delivery::table.find((member.0, campaign.0)).filter(delivery::seen_at.is_null()))
            .set(delivery::seen_at.eq(now))
            .execute(conn)
            .map(|_| ())
    }
}

impl CouponRow {
    fn coupon(self, organisation: &Organisation, now: DateTime<Utc>) -> Coupon {
        let times = ValidTimes::new(self.weekdays, self.valid_from, self.valid_until);
        let end = self.end();
        let picture = self.picture_id.zip(self.width).zip(self.height);
        Coupon {
            member: self.member_id,
            campaign: self.id,
            messages: MessageChannel::parse(&self.channel),
            offer: self.offer_words(organisation),
            ends_at: end,
            until: end.map(|end| format!("Until {}", organisation.end(end))).unwrap_or_default(),
            times: if times.always() { String::new() } else { times.words() },
            state: self.state(times, organisation, now),
            seen: self.seen_at.is_some(),
            barcode: Barcode::parse(&self.barcode).unwrap_or_default(),
            code: self.code.as_deref().and_then(|code| CodeText::parse(code).ok()),
            picture: picture.map(|((id, width), height)| Picture { id, width, height }),
            title: self.title,
            body: self.body,
            terms: self.terms,
        }
    }

    /// The first moment at which it works no more.
    fn end(&self) -> Option<DateTime<Utc>> {
        match (self.expires_at, self.marks.ends_at) {
            (Some(own), Some(all)) => Some(own.min(all)),
            (own, all) => own.or(all),
        }
    }

    fn state(&self, times: ValidTimes, organisation: &Organisation, now: DateTime<Utc>) -> State {
        if self.uses >= self.validations_per_member.into() {
            return State::Used(self.validated_at);
        }
        if self.withdrawn_at.is_some() {
            return State::Withdrawn;
        }
        match (self.marks.status(now), self.end().filter(|end| *end <= now)) {
            (Status::Cancelled | Status::Draft, _) => State::Withdrawn,
            (_, Some(end)) => State::Expired(end),
            _ if self.is_used_up => State::Used(self.validated_at),
            _ if self.blocked => State::Blocked,
            (Status::Paused, _) => State::Paused,
            (Status::Scheduled, _) => State::Upcoming(self.marks.starts_at.unwrap_or(now)),
            _ if times.allow(now, organisation.zone) => State::Valid,
            _ => State::Later(times, times.next_opening(now, organisation.zone)),
        }
    }

    fn offer_words(&self, organisation: &Organisation) -> String {
        let value =
            OfferValue { amount: self.amount, percent: self.percent, buy: self.buy_quantity, get: self.get_quantity };
        let offer = self.offer.as_deref().and_then(Offer::parse);
        offer.map(|offer| offer.words(&value, &organisation.currency)).unwrap_or_default()
    }
}

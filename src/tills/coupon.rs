//! A code as a till meets it: what it gives, whose it is, how often it may still be used.

use chrono::{DateTime, NaiveTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text, Time, Timestamptz};

use crate::campaigns::valid_times::ValidTimes;
use crate::campaigns::{Channel, Marks};
use crate::ids::{CampaignId, MemberId};

/// What every query of coupons selects: from `code`, `campaign`, and `member` and `delivery` where there is one. `$1` is
/// this moment.
pub(super) const COLUMNS: &str = "
    code.text, code.member_id AS owner, code.uses_allowed, code.uses_taken,
    campaign.id AS campaign_id, campaign.name AS campaign_name, campaign.title, campaign.channel, campaign.everyone,
    campaign.validations_per_member, campaign.shops, campaign.offer, campaign.amount, campaign.percent,
    campaign.buy_quantity, campaign.get_quantity, campaign.products, campaign.minimum_basket,
    campaign.pos_promotion_id, campaign.tender_id, campaign.rebate_handling,
    campaign.starts_at, campaign.ends_at, campaign.published_at, campaign.paused_at, campaign.cancelled_at,
    campaign.weekdays, campaign.valid_from, campaign.valid_until,
    member.id AS member_id, member.number, member.name AS member_name, member.blocked_at IS NOT NULL AS blocked,
    delivery.expires_at, delivery.withdrawn_at IS NOT NULL AS withdrawn,
    (SELECT count(*) FROM validation WHERE validation.member_id = member.id AND validation.campaign_id = campaign.id
       AND reversed_at IS NULL)
    + (SELECT count(*) FROM reservation WHERE reservation.member_id = member.id
         AND reservation.campaign_id = campaign.id AND reservation.validated_at IS NULL
         AND reservation.cancelled_at IS NULL AND reservation.expired_at IS NULL AND reservation.ends_at > $1)
    AS uses_by_member,
    EXISTS (SELECT FROM reservation WHERE reservation.code = code.text AND reservation.validated_at IS NULL
         AND reservation.cancelled_at IS NULL AND reservation.expired_at IS NULL AND reservation.ends_at <= $1)
    AS is_overdue";

/// One code, its campaign, and what it means to its member.
#[derive(Debug, Clone, QueryableByName)]
pub struct Coupon {
    /// As stored.
    #[diesel(sql_type = Text)]
    pub text: String,
    /// A personal code's owner, or whom one of many was handed to.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub owner: Option<MemberId>,
    /// In all; none: unlimited.
    #[diesel(sql_type = Nullable<Integer>)]
    pub uses_allowed: Option<i32>,
    /// Validated and reserved.
    #[diesel(sql_type = Integer)]
    pub uses_taken: i32,
    /// Of this campaign.
    #[diesel(sql_type = BigInt)]
    pub campaign_id: CampaignId,
    /// As staff call it.
    #[diesel(sql_type = Text)]
    pub campaign_name: String,
    /// As members see it.
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Nullable<Bool>)]
    everyone: Option<bool>,
    /// Uses that each member has.
    #[diesel(sql_type = Integer)]
    pub validations_per_member: i32,
    /// Where it may be used; empty: everywhere.
    #[diesel(sql_type = Array<Text>)]
    pub shops: Vec<String>,
    /// `Offer::key`.
    #[diesel(sql_type = Nullable<Text>)]
    pub offer: Option<String>,
    /// Minor units.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub amount: Option<i64>,
    /// Hundredths of a percent.
    #[diesel(sql_type = Nullable<Integer>)]
    pub percent: Option<i32>,
    /// X.
    #[diesel(sql_type = Nullable<Integer>)]
    pub buy_quantity: Option<i32>,
    /// Y.
    #[diesel(sql_type = Nullable<Integer>)]
    pub get_quantity: Option<i32>,
    /// Article numbers; none: the whole basket.
    #[diesel(sql_type = Array<Text>)]
    pub products: Vec<String>,
    /// Minor units.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub minimum_basket: Option<i64>,
    /// For the till.
    #[diesel(sql_type = Text)]
    pub pos_promotion_id: String,
    /// For the till.
    #[diesel(sql_type = Text)]
    pub tender_id: String,
    /// For the till.
    #[diesel(sql_type = Text)]
    pub rebate_handling: String,
    /// The campaign's dates and marks.
    #[diesel(embed)]
    pub marks: Marks,
    #[diesel(sql_type = SmallInt)]
    weekdays: i16,
    #[diesel(sql_type = Nullable<Time>)]
    valid_from: Option<NaiveTime>,
    #[diesel(sql_type = Nullable<Time>)]
    valid_until: Option<NaiveTime>,
    /// Who uses it: its owner, or whose card was shown; none: nobody knows.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub member_id: Option<MemberId>,
    /// Member number.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub number: Option<i64>,
    /// Name.
    #[diesel(sql_type = Nullable<Text>)]
    pub member_name: Option<String>,
    /// Whether that member is blocked.
    #[diesel(sql_type = Bool)]
    pub blocked: bool,
    /// When what that member was issued ends.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether it was taken back.
    #[diesel(sql_type = Bool)]
    pub withdrawn: bool,
    /// That member's validations and open reservations of the campaign.
    #[diesel(sql_type = BigInt)]
    pub uses_by_member: i64,
    /// Whether reservations of the code are over and have not been given back.
    #[diesel(sql_type = Bool)]
    pub is_overdue: bool,
}

impl Coupon {
    /// As it is after one more use by its member.
    pub(super) fn with_one_taken(self, uses_taken: i32) -> Self {
        let uses_by_member = self.uses_by_member + i64::from(self.member_id.is_some());
        Self { uses_taken, uses_by_member, ..self }
    }

    /// Weekdays and hours.
    pub fn times(&self) -> ValidTimes {
        ValidTimes::new(self.weekdays, self.valid_from, self.valid_until)
    }

    /// Whether only a rule says whose it is: on paper, for some groups.
    pub(super) fn is_for_some(&self) -> bool {
        Channel::parse(&self.channel) == Some(Channel::Code) && self.owner.is_none() && self.everyone != Some(true)
    }

    /// The last moment: the member's own, or the campaign's.
    pub fn valid_until(&self) -> Option<DateTime<Utc>> {
        [self.expires_at, self.marks.ends_at].into_iter().flatten().min()
    }

    /// Uses left in all; none: unlimited.
    pub fn left_in_all(&self) -> Option<i32> {
        self.uses_allowed.map(|allowed| (allowed - self.uses_taken).max(0))
    }

    /// Uses left for this member; none: nobody knows who it is.
    pub fn left_for_member(&self) -> Option<i64> {
        self.member_id.map(|_| (i64::from(self.validations_per_member) - self.uses_by_member).max(0))
    }
}

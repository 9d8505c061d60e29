//! A coupon at a till, and how things stand at this moment.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz};
use std::sync::LazyLock;

use super::attempt::{Till, WRONG_PER_ADDRESS, WRONG_PER_KEY};
use super::coupon::{COLUMNS, Coupon};
use crate::campaigns::audience::Audience;
use crate::db::Kept;
use crate::ids::MemberId;

/// All that decides whether it may be used here and now.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub now: DateTime<Utc>,
    pub zone: Tz,
    /// The till's shop; empty: it stands in none.
    pub shop: String,
    /// Until when no code is taken from this key or address.
    pub wait_until: Option<DateTime<Utc>>,
    pub coupon: Coupon,
    /// Of a Code coupon: whether the member, where one is known, is among its receivers.
    pub is_receiver: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    wait_until: Option<DateTime<Utc>>,
    #[diesel(embed)]
    coupon: Coupon,
}

static BY_CODE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT greatest(
            (SELECT window_ends_at FROM throttle WHERE key = $4 AND count >= $5 AND window_ends_at > $1),
            (SELECT window_ends_at FROM throttle WHERE key = $6 AND count >= $7 AND window_ends_at > $1)) AS wait_until,
          {COLUMNS}
        FROM code JOIN campaign ON campaign.id = code.campaign_id
        LEFT JOIN member ON member.id = coalesce($3, code.member_id)
        LEFT JOIN delivery ON delivery.member_id = member.id AND delivery.campaign_id = campaign.id
        WHERE code.text = $2"
    )
});

/// Everything a member was given that a live campaign still honours; what else stops it, the checks say.
static BY_MEMBER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT NULL::timestamptz AS wait_until, {COLUMNS}
        FROM delivery JOIN member ON member.id = delivery.member_id
        JOIN campaign ON campaign.id = delivery.campaign_id
        JOIN code ON code.text = coalesce(delivery.code, campaign.shared_code) AND code.campaign_id = campaign.id
        WHERE delivery.member_id = $2 AND delivery.withdrawn_at IS NULL AND delivery.skipped_at IS NULL
          AND campaign.published_at IS NOT NULL AND campaign.paused_at IS NULL AND campaign.cancelled_at IS NULL
          AND campaign.starts_at <= $1 AND campaign.ends_at > $1
        ORDER BY coalesce(delivery.expires_at, campaign.ends_at), campaign.id LIMIT 200"
    )
});

impl Standing {
    /// Of the code with this text (in normal form), used by this member, or by its owner. None: no such code.
    pub fn of_code(
        conn: &mut PgConnection,
        till: &Till,
        text: &str,
        member: Option<MemberId>,
    ) -> QueryResult<Option<Self>> {
        let row: Option<Row> = Kept(
            sql_query(BY_CODE.as_str())
                .bind::<Timestamptz, _>(till.now)
                .bind::<Text, _>(text)
                .bind::<Nullable<BigInt>, _>(member)
                .bind::<Text, _>(till.key_throttle())
                .bind::<Integer, _>(WRONG_PER_KEY.tries)
                .bind::<Text, _>(till.address_throttle())
                .bind::<Integer, _>(WRONG_PER_ADDRESS.tries),
        )
        .get_result(conn)
        .optional()?;
        row.map(|row| Self::complete(conn, till, row)).transpose()
    }

    /// Of all that this member holds.
    pub fn of_member(conn: &mut PgConnection, till: &Till, member: MemberId) -> QueryResult<Vec<Self>> {
        let rows: Vec<Row> =
            Kept(sql_query(BY_MEMBER.as_str()).bind::<Timestamptz, _>(till.now).bind::<BigInt, _>(member))
                .load(conn)?;
        rows.into_iter().map(|row| Self::complete(conn, till, row)).collect()
    }

    fn complete(conn: &mut PgConnection, till: &Till, row: Row) -> QueryResult<Self> {
        let coupon = row.coupon;
        let is_receiver = match coupon.member_id.filter(|_| coupon.is_for_some()) {
            Some(member) => Audience::of(conn, coupon.campaign_id)?.includes(conn, member)?,
            None => true,
        };
        Ok(Self {
            now: till.now,
            zone: till.organisation.zone,
            shop: till.shop.clone(),
            wait_until: row.wait_until,
            coupon,
            is_receiver,
        })
    }
}

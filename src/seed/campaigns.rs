//! The campaigns that private groups are joined by, and coupons that were issued to groups.

use chrono::{DateTime, Days, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text, Timestamptz};

use super::dice::Dice;
use super::group::{Group, Groups};
use super::memberships::Tally;
use super::plan::{Plan, SeedError};
use crate::schema::{campaign, campaign_group, campaign_sending, code};

/// Stores the campaign of each private group; the groups come after, as they refer to it.
pub fn insert_for_groups(conn: &mut PgConnection, groups: &Groups) -> QueryResult<u64> {
    let mut count = 0;
    for group in &groups.all {
        let (Some(id), Some(text)) = (group.campaign_id, &group.code) else { continue };
        count += 1;
        diesel::insert_into(campaign::table)
            .values((
                campaign::id.eq(id.0),
                campaign::kind.eq("coupon"),
                campaign::channel.eq("code"),
                campaign::created_at.eq(group.starts_at - Days::new(10)),
                campaign::name.eq(format!("Join {}", group.name)),
                campaign::title.eq(format!("Welcome to {}", group.name)),
                campaign::body.eq("Enter the code in the app to join."),
                campaign::offer.eq("entry_only"),
                campaign::code_source.eq("one"),
                campaign::shared_code.eq(text),
                campaign::allow_in_app_validation.eq(true),
                campaign::everyone.eq(true),
                campaign::starts_at.eq(group.starts_at),
                campaign::ends_at.eq(group.stops_at),
                campaign::published_at.eq(group.starts_at - Days::new(7)),
                campaign::issued_at.eq(group.starts_at - Days::new(7)),
            ))
            .execute(conn)?;
    }
    Ok(count)
}

/// Stores the private groups' codes, with how often they were used.
pub fn insert_codes(conn: &mut PgConnection, groups: &Groups, tally: &Tally) -> QueryResult<()> {
    for (group, used) in groups.all.iter().zip(&tally.by_code) {
        let (Some(id), Some(text)) = (group.campaign_id, &group.code) else { continue };
        diesel::insert_into(code::table)
            .values((code::text.eq(text), code::campaign_id.eq(id.0), code::uses_taken.eq(used)))
            .execute(conn)?;
        diesel::sql_query("INSERT INTO campaign_count (campaign_id, validated) VALUES ($1, $2)")
            .bind::<BigInt, _>(id.0)
            .bind::<Integer, _>(used)
            .execute(conn)?;
    }
    Ok(())
}

/// Name, title, text, offer, amount or percent of a coupon.
const OFFERS: [(&str, &str, &str, &str, i32); 8] = [
    ("Free espresso", "An espresso on us", "Any espresso, in any shop.", "free_item", 0),
    ("Pastry Monday", "20 % off all pastries", "Croissants, buns, cakes: all of them.", "percent_off", 2000),
    ("Two euros off", "2 € off from 8 €", "For drinks and food alike.", "amount_off", 200),
    ("Lunch for six", "Any sandwich for 6 €", "With a small filter coffee.", "fixed_price", 600),
    ("Beans", "15 % off beans", "250 g and 1 kg bags.", "percent_off", 1500),
    ("Oat week", "Oat milk free of charge", "In every drink, all week.", "free_item", 0),
    ("Iced", "Iced latte for 3 €", "As long as summer lasts.", "fixed_price", 300),
    ("Bring a friend", "Half off the second cup", "Come in twos.", "percent_off", 5000),
];

/// Stores a plan's coupons and what was issued and validated of them. Returns how many were issued.
pub fn insert_coupons(
    conn: &mut PgConnection,
    plan: &Plan,
    groups: &Groups,
    until: DateTime<Utc>,
) -> Result<u64, SeedError> {
    let there: Vec<&Group> = groups.all.iter().filter(|group| group.starts_at < until).collect();
    let mut issued = 0;
    for number in 0..plan.campaigns {
        let mut dice = Dice::of(plan.seed ^ 0xC0_0904, number);
        let id = (plan.groups + number + 1).cast_signed();
        let began = until - Days::new(dice.below(300) + 2);
        let (starts, ends, published) = match number % 6 {
            0 => (None, None, None),
            1 => (Some(until + Days::new(9)), Some(until + Days::new(39)), Some(until - Days::new(1))),
            2 => (Some(began - Days::new(40)), Some(until - Days::new(dice.below(30))), Some(began - Days::new(41))),
            _ => (Some(began), Some(until + Days::new(60 + dice.below(300))), Some(began - Days::new(1))),
        };
        let coupon = Coupon { id, number, starts, ends, published };
        coupon.insert(conn, until)?;
        let Some(included) = (!there.is_empty()).then(|| there[dice.index(there.len())]) else { continue };
        diesel::insert_into(campaign_group::table)
            .values((
                campaign_group::campaign_id.eq(id),
                campaign_group::group_id.eq(included.id.0),
                campaign_group::included.eq(true),
                campaign_group::place.eq(published.map(|_| 0)),
            ))
            .execute(conn)?;
        if starts.is_some_and(|start| start < until) {
            issued += coupon.issue(conn, included, until)?;
        }
    }
    Ok(issued)
}

/// What the triggers would have counted, row by row.
pub fn store_counts(conn: &mut PgConnection) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO delivery_count (campaign_id, state, sent, seen, through, change)
         SELECT campaign_id, state, sent_at IS NOT NULL, seen_at IS NOT NULL, through, count(*) FROM delivery
         GROUP BY 1, 2, 3, 4, 5",
    )
    .execute(conn)?;
    diesel::sql_query(
        "INSERT INTO delivery_day_count (campaign_id, event, day, change)
         SELECT campaign_id, event, (at AT TIME ZONE setting.time_zone)::date, count(*)
         FROM setting, delivery, LATERAL (VALUES ('issued', issued_at), ('seen', seen_at), ('validated', validated_at)) AS marks (event, at)
         WHERE at IS NOT NULL GROUP BY 1, 2, 3",
    )
    .execute(conn)
    .map(|_| ())
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    issued: i64,
}

struct Coupon {
    id: i64,
    number: u64,
    starts: Option<DateTime<Utc>>,
    ends: Option<DateTime<Utc>>,
    published: Option<DateTime<Utc>>,
}

impl Coupon {
    fn code(&self) -> String {
        format!("COFFEE{}", self.id)
    }

    fn insert(&self, conn: &mut PgConnection, until: DateTime<Utc>) -> QueryResult<()> {
        let (name, title, body, offer, value) = OFFERS[usize::try_from(self.number).unwrap_or(0) % OFFERS.len()];
        let money = matches!(offer, "amount_off" | "fixed_price");
        let issued = self.starts.filter(|start| *start < until);
        diesel::insert_into(campaign::table)
            .values((
                (
                    campaign::id.eq(self.id),
                    campaign::kind.eq("coupon"),
                    campaign::channel.eq("app"),
                    campaign::created_at.eq(self.published.unwrap_or(until) - Days::new(3)),
                    campaign::name.eq(format!("{name} {}", self.number + 1)),
                    campaign::title.eq(title),
                    campaign::body.eq(body),
                    campaign::offer.eq(offer),
                    campaign::amount.eq(money.then_some(i64::from(value))),
                    campaign::percent.eq((offer == "percent_off").then_some(value)),
                ),
                (
                    campaign::code_source.eq("one"),
                    campaign::shared_code.eq(self.code()),
                    campaign::everyone.eq(false),
                    campaign::also_later.eq(true),
                    campaign::starts_at.eq(self.starts),
                    campaign::ends_at.eq(self.ends),
                    campaign::published_at.eq(self.published),
                    campaign::paused_at.eq((self.number % 6 == 5).then_some(until - Days::new(1))),
                    campaign::issuing_since.eq(issued),
                    campaign::issued_at.eq(issued),
                ),
            ))
            .execute(conn)?;
        if let (Some(published), Some(start)) = (self.published, self.starts) {
            diesel::insert_into(campaign_sending::table)
                .values((campaign_sending::campaign_id.eq(self.id), campaign_sending::due_at.eq(start.max(published))))
                .execute(conn)?;
        }
        let published = self.published.map(|_| (code::text.eq(self.code()), code::campaign_id.eq(self.id)));
        published.map_or(Ok(0), |row| diesel::insert_into(code::table).values(row).execute(conn)).map(|_| ())
    }

    /// Everyone who is in the group has it, most have seen it, some have used it.
    fn issue(&self, conn: &mut PgConnection, group: &Group, until: DateTime<Utc>) -> QueryResult<u64> {
        let issued = diesel::sql_query(
            "WITH chance AS (
               SELECT member_id, $3 AS issued_at, least($4, $5) AS latest,
                      abs(hashint8extended(member_id, $1)) % 1000 AS luck
               FROM membership JOIN member ON member.id = member_id
               WHERE group_id = $2 AND left_at IS NULL AND joined_at <= $3 AND (blocked_at IS NULL OR blocked_at > $3)),
             made AS (
               INSERT INTO delivery (member_id, campaign_id, issued_at, code, through, seen_at, validated_at)
                 SELECT member_id, $1, issued_at, $6, 1,
                        CASE WHEN luck < 640 THEN issued_at + (latest - issued_at) * (luck % 100) / 300.0 END,
                        CASE WHEN luck < 170 THEN issued_at + (latest - issued_at) * (luck % 100 + 1) / 101.0 END
                 FROM chance ORDER BY member_id
               RETURNING member_id, validated_at),
             used AS (
               INSERT INTO validation (campaign_id, code, member_id, at, via)
                 SELECT $1, $6, member_id, validated_at, 'till' FROM made WHERE validated_at IS NOT NULL
               RETURNING id),
             counted AS (
               INSERT INTO campaign_count (campaign_id, validated) SELECT $1, (SELECT count(*) FROM used))
             UPDATE code SET uses_taken = (SELECT count(*) FROM used) WHERE text = $6",
        );
        issued
            .bind::<BigInt, _>(self.id)
            .bind::<BigInt, _>(group.id.0)
            .bind::<Timestamptz, _>(self.starts.unwrap_or(until))
            .bind::<Timestamptz, _>(until)
            .bind::<Timestamptz, _>(self.ends.unwrap_or(until))
            .bind::<Text, _>(self.code())
            .execute(conn)?;
        let count: CountRow = diesel::sql_query("SELECT count(*) AS issued FROM delivery WHERE campaign_id = $1")
            .bind::<BigInt, _>(self.id)
            .get_result(conn)?;
        Ok(count.issued.unsigned_abs())
    }
}

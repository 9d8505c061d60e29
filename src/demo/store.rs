//! Codes, deliveries, validations, attempts and their counts, so that all of them tell the same.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};

use super::campaign::{Campaign, Codes};
use super::deliveries::{Delivery, drawn};
use super::members::Guest;
use super::tries::Try;
use crate::deliveries::Skip;
use crate::schema::{code, code_attempt, code_batch, delivery, validation};

/// A use of a code.
struct Use {
    campaign: usize,
    code: String,
    member: i64,
    at: DateTime<Utc>,
    via: &'static str,
}

/// All that campaigns have done.
pub struct Deeds<'a> {
    pub guests: &'a [Guest],
    pub campaigns: &'a [Campaign],
    pub deliveries: &'a [Delivery],
    pub tries: &'a [Try],
    pub now: DateTime<Utc>,
}

impl Deeds<'_> {
    /// Stores it.
    pub fn insert(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let uses = self.uses();
        self.insert_codes(conn, &uses)?;
        self.insert_deliveries(conn)?;
        self.insert_uses(conn, &uses)?;
        self.insert_tries(conn)?;
        self.insert_counts(conn, &uses)
    }

    fn uses(&self) -> Vec<Use> {
        let at_tills = self.deliveries.iter().filter_map(|delivery| {
            delivery.validated_at.map(|at| Use {
                campaign: delivery.campaign,
                code: delivery.code.clone().unwrap_or_default(),
                member: self.guests[delivery.guest].id.0,
                at,
                via: "till",
            })
        });
        let in_app = self.tries.iter().filter(|attempt| attempt.outcome == "ok").filter_map(|attempt| {
            Some(Use {
                campaign: attempt.campaign?,
                code: attempt.text.clone(),
                member: self.guests[attempt.guest].id.0,
                at: attempt.at,
                via: "app",
            })
        });
        let mut uses: Vec<Use> = at_tills.chain(in_app).collect();
        uses.sort_by_key(|used| used.at);
        uses
    }

    fn insert_codes(&self, conn: &mut PgConnection, uses: &[Use]) -> QueryResult<()> {
        let mut taken: HashMap<&str, i32> = HashMap::new();
        uses.iter().for_each(|used| *taken.entry(&used.code).or_default() += 1);
        let mut rows = Vec::new();
        for campaign in self.campaigns.iter().filter(|campaign| campaign.published_at.is_some()) {
            let of_many = match &campaign.spec.codes {
                Codes::One(text, in_all) => vec![(text.clone(), *in_all)],
                Codes::Many(count) => {
                    let count = usize::try_from(*count).unwrap_or(0);
                    drawn(campaign.spec.prefix, count, campaign.id.0.unsigned_abs())
                        .into_iter()
                        .map(|text| (text, Some(1)))
                        .collect()
                }
                Codes::Personal | Codes::Undecided => Vec::new(),
            };
            rows.extend(of_many.into_iter().map(|(text, allowed)| (text, campaign.id.0, allowed, None)));
        }
        for delivery in self.deliveries {
            let campaign = &self.campaigns[delivery.campaign];
            if let (Codes::Personal, Some(code)) = (&campaign.spec.codes, &delivery.code) {
                let owner = Some(self.guests[delivery.guest].id.0);
                rows.push((code.clone(), campaign.id.0, Some(1), owner));
            }
        }
        for some in rows.chunks(1_000) {
            let values: Vec<_> = some
                .iter()
                .map(|(text, campaign, allowed, owner)| {
                    (
                        code::text.eq(text),
                        code::campaign_id.eq(campaign),
                        code::uses_allowed.eq(allowed),
                        code::uses_taken.eq(taken.get(text.as_str()).copied().unwrap_or(0)),
                        code::member_id.eq(owner),
                    )
                })
                .collect();
            diesel::insert_into(code::table).values(values).execute(conn)?;
        }
        self.insert_batches(conn)
    }

    /// Many codes were ordered when the campaign was published, and made at once.
    fn insert_batches(&self, conn: &mut PgConnection) -> QueryResult<()> {
        for campaign in self.campaigns {
            let (Codes::Many(count), Some(at)) = (&campaign.spec.codes, campaign.published_at) else { continue };
            diesel::insert_into(code_batch::table)
                .values((
                    code_batch::campaign_id.eq(campaign.id.0),
                    code_batch::requested.eq(count),
                    code_batch::made.eq(count),
                    code_batch::created_at.eq(at),
                    code_batch::finished_at.eq(at),
                ))
                .execute(conn)?;
        }
        let theirs =
            "UPDATE code SET batch_id = code_batch.id FROM code_batch WHERE code_batch.campaign_id = code.campaign_id";
        diesel::sql_query(theirs).execute(conn).map(|_| ())
    }

    fn insert_deliveries(&self, conn: &mut PgConnection) -> QueryResult<()> {
        for some in self.deliveries.chunks(1_000) {
            let rows: Vec<_> = some
                .iter()
                .map(|made| {
                    let campaign = &self.campaigns[made.campaign];
                    let skipped = made.skip.map(Skip::key);
                    let reason = made.withdrawn.map(|(_, why)| why).or(made.fate.error).or(skipped);
                    (
                        (
                            delivery::member_id.eq(self.guests[made.guest].id.0),
                            delivery::campaign_id.eq(campaign.id.0),
                            delivery::issued_at.eq(made.issued_at),
                            delivery::expires_at.eq(made.expires_at),
                            delivery::code.eq(&made.code),
                            delivery::token.eq(made.token),
                            delivery::through.eq(made.through),
                            delivery::reason.eq(reason),
                        ),
                        (
                            delivery::queued_at.eq(made.fate.queued_at),
                            delivery::sent_at.eq(made.fate.sent_at),
                            delivery::accepted_at.eq(made.fate.accepted_at),
                            delivery::bounced_at.eq(made.fate.bounced_at),
                            delivery::failed_at.eq(made.fate.failed_at),
                            delivery::uncertain_at.eq(made.fate.uncertain_at),
                            delivery::seen_at.eq(made.seen_at),
                            delivery::validated_at.eq(made.validated_at),
                            delivery::withdrawn_at.eq(made.withdrawn.map(|(at, _)| at)),
                            delivery::skipped_at.eq(skipped.map(|_| made.issued_at)),
                            delivery::expired_at.eq(made.expired_at(campaign, self.now)),
                        ),
                    )
                })
                .collect();
            diesel::insert_into(delivery::table).values(rows).execute(conn)?;
        }
        Ok(())
    }

    fn insert_uses(&self, conn: &mut PgConnection, uses: &[Use]) -> QueryResult<()> {
        for some in uses.chunks(1_000) {
            let rows: Vec<_> = some
                .iter()
                .map(|used| {
                    (
                        validation::campaign_id.eq(self.campaigns[used.campaign].id.0),
                        validation::code.eq(&used.code),
                        validation::member_id.eq(used.member),
                        validation::at.eq(used.at),
                        validation::via.eq(used.via),
                    )
                })
                .collect();
            diesel::insert_into(validation::table).values(rows).execute(conn)?;
        }
        Ok(())
    }

    fn insert_tries(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let rows: Vec<_> = self
            .tries
            .iter()
            .map(|attempt| {
                (
                    code_attempt::member_id.eq(self.guests[attempt.guest].id.0),
                    code_attempt::at.eq(attempt.at),
                    code_attempt::text.eq(&attempt.text),
                    code_attempt::campaign_id.eq(attempt.campaign.map(|place| self.campaigns[place].id.0)),
                    code_attempt::outcome.eq(attempt.outcome),
                    code_attempt::address.eq(&attempt.address),
                )
            })
            .collect();
        diesel::insert_into(code_attempt::table).values(rows).execute(conn).map(|_| ())
    }

    fn insert_counts(&self, conn: &mut PgConnection, uses: &[Use]) -> QueryResult<()> {
        let count = |is: &dyn Fn(usize) -> usize| -> Vec<i64> {
            (0..self.campaigns.len()).map(|place| i64::try_from(is(place)).unwrap_or(0)).collect()
        };
        diesel::sql_query("INSERT INTO campaign_count (campaign_id, validated) SELECT * FROM unnest($1, $2) AS counted")
            .bind::<Array<BigInt>, _>(self.campaigns.iter().map(|campaign| campaign.id.0).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(count(&|place| uses.iter().filter(|used| used.campaign == place).count()))
            .execute(conn)
            .map(|_| ())
    }
}

//! Who asks, and the record of every attempt, good or refused.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use super::coupon::Coupon;
use super::refusal::TillRefusal;
use crate::ids::{CampaignId, MemberId};
use crate::memberships::Refusal;
use crate::schema::till_attempt;
use crate::settings::Organisation;
use crate::web::throttle::Limit;

/// Wrong codes shown with one key: a shop mistypes now and then, a thief tries on and on.
pub const WRONG_PER_KEY: Limit = Limit { tries: 100, window: Duration::minutes(10) };
/// Wrong codes from one address, with any keys.
pub const WRONG_PER_ADDRESS: Limit = Limit { tries: 500, window: Duration::minutes(10) };

/// What a till asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Look up a code or a card.
    LookUp,
    /// Hold uses for a moment.
    Reserve,
    /// Use.
    Validate,
    /// Give back what is held.
    Cancel,
    /// Take back a use.
    Reverse,
}

impl Act {
    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::LookUp => "look_up",
            Self::Reserve => "reserve",
            Self::Validate => "validate",
            Self::Cancel => "cancel",
            Self::Reverse => "reverse",
        }
    }
}

/// Who asks, from where, when.
#[derive(Debug, Clone)]
pub struct Till {
    /// With this key.
    pub key_id: i64,
    /// The key's shop; empty: none.
    pub shop: String,
    /// As the till calls itself; empty: it does not.
    pub name: String,
    /// The address the request came from.
    pub address: String,
    /// When.
    pub now: DateTime<Utc>,
    /// In whose zone.
    pub organisation: Arc<Organisation>,
}

/// What an attempt was about, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// The code, or what was typed.
    pub text: String,
    /// Its campaign.
    pub campaign: Option<CampaignId>,
    /// Its member.
    pub member: Option<MemberId>,
}

impl About {
    /// A code that there is.
    pub(super) fn of(coupon: &Coupon) -> Self {
        Self { text: coupon.text.clone(), campaign: Some(coupon.campaign_id), member: coupon.member_id }
    }

    /// What no code has: cut short.
    pub fn typed(text: &str) -> Self {
        Self { text: text.trim().chars().take(64).collect(), ..Self::default() }
    }
}

impl Till {
    pub(super) fn key_throttle(&self) -> String {
        format!("till key {}", self.key_id)
    }

    pub(super) fn address_throttle(&self) -> String {
        format!("till address {}", self.address)
    }

    /// Writes down what came of an attempt.
    pub(super) fn note(&self, conn: &mut PgConnection, act: Act, about: &About, outcome: &str) -> QueryResult<()> {
        diesel::insert_into(till_attempt::table)
            .values((
                till_attempt::at.eq(self.now),
                till_attempt::api_key_id.eq(self.key_id),
                till_attempt::till.eq(&self.name),
                till_attempt::act.eq(act.key()),
                till_attempt::text.eq(&about.text),
                till_attempt::campaign_id.eq(about.campaign),
                till_attempt::member_id.eq(about.member),
                till_attempt::outcome.eq(outcome),
            ))
            .execute(conn)
            .map(|_| ())
    }

    /// Records a refusal and counts it where it could be a guess; what is to be told, which may be to wait.
    pub(super) fn refuse(
        &self,
        conn: &mut PgConnection,
        act: Act,
        about: &About,
        refusal: TillRefusal,
    ) -> QueryResult<TillRefusal> {
        let refusal = if refusal.is_wrong_code() { self.count_wrong(conn, refusal)? } else { refusal };
        self.note(conn, act, about, refusal.code())?;
        Ok(refusal)
    }

    /// Tills do not wait for each other before this, so it is the count itself that decides.
    fn count_wrong(&self, conn: &mut PgConnection, refusal: TillRefusal) -> QueryResult<TillRefusal> {
        let (key, address) = (self.key_throttle(), self.address_throttle());
        for (limit, key) in [(WRONG_PER_KEY, &key), (WRONG_PER_ADDRESS, &address)] {
            if limit.count(conn, key, self.now)? > limit.tries {
                let wait = limit.wait(conn, key, self.now)?.unwrap_or(1);
                return Ok(Refusal::TooManyAttempts { wait }.into());
            }
        }
        Ok(refusal)
    }
}

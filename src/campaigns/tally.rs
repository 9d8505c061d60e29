//! Where the receivers of a campaign stand, from the counts that follow every change of a delivery: however many
//! there are, nothing is counted anew.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::{QueryableByName, sql_query};

use super::receiver_filter::{ReceiverFilter, Standing};
use crate::db::Kept;
use crate::deliveries::DeliveryState;
use crate::deliveries::Skip;
use crate::ids::CampaignId;

/// How far a coupon got, whatever came after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// It was given to the member, or is to be sent.
    Issued,
    /// Its message went out.
    Sent,
    /// Opened, or used.
    Seen,
    /// Used.
    Validated,
}

/// Deliveries that are alike in all that is counted.
#[derive(Debug, Clone, QueryableByName)]
pub struct Alike {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Bool)]
    sent: bool,
    #[diesel(sql_type = Bool)]
    seen: bool,
    #[diesel(sql_type = BigInt)]
    through: i64,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// All receivers of a campaign, counted.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    alike: Vec<Alike>,
    is_over: bool,
}

impl Tally {
    /// Of this campaign; `is_over`: its end has passed.
    pub fn load(conn: &mut PgConnection, id: CampaignId, is_over: bool) -> QueryResult<Self> {
        let query = sql_query(
            "SELECT state, reason, sent, seen, through, sum(change)::bigint AS number FROM delivery_count
             WHERE campaign_id = $1 GROUP BY 1, 2, 3, 4, 5 HAVING sum(change) <> 0",
        );
        Ok(Self { alike: Kept(query.bind::<BigInt, _>(id)).load(conn)?, is_over })
    }

    /// Everyone it was decided about: the sum of all states.
    pub fn receivers(&self) -> i64 {
        self.sum(|_| true)
    }

    /// How many it got so far with.
    pub fn reached(&self, step: Reached) -> i64 {
        self.sum(|alike| alike.reached(step))
    }

    /// Those in this state now.
    pub fn in_state(&self, state: DeliveryState) -> i64 {
        self.sum(|alike| self.state_of(alike) == Some(state))
    }

    /// Every state that someone is in, in the order in which they are shown. Their sum is `receivers`.
    pub fn states(&self) -> Vec<(DeliveryState, i64)> {
        DeliveryState::ALL.into_iter().map(|state| (state, self.in_state(state))).filter(|(_, n)| *n != 0).collect()
    }

    /// Those who got nothing, by reason.
    pub fn skips(&self) -> Vec<(Skip, i64)> {
        let number = |skip: Skip| {
            self.sum(|alike| alike.is(DeliveryState::Skipped) && alike.reason.as_deref() == Some(skip.key()))
        };
        Skip::ALL.into_iter().map(|skip| (skip, number(skip))).filter(|(_, n)| *n != 0).collect()
    }

    /// Receivers who came through the group at this place, in all and by how far it got.
    pub fn of_group(&self, place: i16, step: Option<Reached>) -> i64 {
        self.sum(|alike| alike.came_through(place) && step.is_none_or(|step| alike.reached(step)))
    }

    /// How many a filter leaves, before a search.
    pub fn count(&self, filter: &ReceiverFilter) -> i64 {
        self.sum(|alike| self.matches(alike, filter))
    }

    /// The stored states in which a filter finds someone, and whether it takes all who are in it.
    pub fn states_for(&self, filter: &ReceiverFilter) -> Vec<(DeliveryState, bool)> {
        let of = |state: DeliveryState| self.alike.iter().filter(move |alike| alike.is(state));
        DeliveryState::ALL
            .into_iter()
            .filter(|state| of(*state).any(|alike| self.matches(alike, filter)))
            .map(|state| (state, of(state).all(|alike| self.matches(alike, filter))))
            .collect()
    }

    /// Whether the campaign's end has passed.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    fn sum(&self, of: impl Fn(&Alike) -> bool) -> i64 {
        self.alike.iter().filter(|alike| of(alike)).map(|alike| alike.number).sum()
    }

    fn state_of(&self, alike: &Alike) -> Option<DeliveryState> {
        DeliveryState::parse(&alike.state).map(|state| as_read(state, self.is_over))
    }

    fn matches(&self, alike: &Alike, filter: &ReceiverFilter) -> bool {
        let stands = match filter.standing {
            None => true,
            Some(Standing::In(state)) => self.state_of(alike) == Some(state),
            Some(Standing::Ever(step)) => alike.reached(step),
        };
        let skipped = |skip: Skip| alike.is(DeliveryState::Skipped) && alike.reason.as_deref() == Some(skip.key());
        stands && filter.reason.is_none_or(skipped) && filter.place.is_none_or(|place| alike.came_through(place))
    }
}

impl Alike {
    fn is(&self, state: DeliveryState) -> bool {
        self.state == state.key()
    }

    fn reached(&self, step: Reached) -> bool {
        match step {
            Reached::Issued => !self.is(DeliveryState::Skipped),
            Reached::Sent => self.sent,
            Reached::Seen => self.seen || self.is(DeliveryState::Validated),
            Reached::Validated => self.is(DeliveryState::Validated),
        }
    }

    fn came_through(&self, place: i16) -> bool {
        self.through & (1 << place) != 0
    }
}

/// A stored state as it reads now: what is open when the campaign is over has expired.
pub fn as_read(state: DeliveryState, is_over: bool) -> DeliveryState {
    if is_over && DeliveryState::UNUSED.contains(&state) { DeliveryState::Expired } else { state }
}

impl Reached {
    /// All, in their order.
    pub const ALL: [Self; 4] = [Self::Issued, Self::Sent, Self::Seen, Self::Validated];

    /// For addresses, where it stands beside states.
    pub fn key(self) -> &'static str {
        match self {
            Self::Issued => "ever-issued",
            Self::Sent => "ever-sent",
            Self::Seen => "ever-seen",
            Self::Validated => "validated",
        }
    }

    /// As shown in the funnel.
    pub fn label(self) -> &'static str {
        match self {
            Self::Issued => "Issued",
            Self::Sent => "Sent",
            Self::Seen => "Seen",
            Self::Validated => "Validated",
        }
    }

    /// The condition on a table or alias `delivery`.
    pub fn condition(self) -> &'static str {
        match self {
            Self::Issued => "delivery.state <> 'skipped'",
            Self::Sent => "delivery.sent_at IS NOT NULL",
            Self::Seen => "(delivery.seen_at IS NOT NULL OR delivery.state = 'validated')",
            Self::Validated => "delivery.state = 'validated'",
        }
    }
}

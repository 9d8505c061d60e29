//! Why a till was refused: a stable code for programs, a sentence for the person at the till.

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};

use crate::memberships::refusal::{Inactive, NotYours, Refusal};
use crate::settings::Organisation;

/// What stopped it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TillRefusal {
    /// As in the app.
    Code(Refusal),
    /// No member has this card.
    CardUnknown,
    /// The campaign is for other shops.
    ShopNotAllowed {
        /// The till's; empty: its key has none.
        shop: String,
    },
    /// The reservation is over.
    ReservationEnded(DateTime<Utc>),
    /// It was given back.
    ReservationCancelled(DateTime<Utc>),
    /// It was used.
    ReservationValidated(DateTime<Utc>),
    /// Too long ago.
    ReversalTooLate {
        /// How long it is possible.
        minutes: i32,
    },
    /// It was reversed before.
    AlreadyReversed(DateTime<Utc>),
    /// There is no such thing, or it is another shop's.
    NotFound,
}

/// A refusal, and which of several codes it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub refusal: TillRefusal,
    /// The code's place in the request, from 0.
    pub place: Option<usize>,
}

impl From<Refusal> for TillRefusal {
    fn from(refusal: Refusal) -> Self {
        Self::Code(refusal)
    }
}

impl From<TillRefusal> for Refused {
    fn from(refusal: TillRefusal) -> Self {
        Self { refusal, place: None }
    }
}

impl TillRefusal {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Code(refusal) => refusal.code(),
            Self::CardUnknown => "member_card_unknown",
            Self::ShopNotAllowed { .. } => "shop_not_allowed",
            Self::ReservationEnded(_) => "reservation_ended",
            Self::ReservationCancelled(_) => "reservation_cancelled",
            Self::ReservationValidated(_) => "reservation_validated",
            Self::ReversalTooLate { .. } => "reversal_too_late",
            Self::AlreadyReversed(_) => "already_reversed",
            Self::NotFound => "not_found",
        }
    }

    /// As HTTP has it.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Code(Refusal::TooManyAttempts { .. }) => StatusCode::TOO_MANY_REQUESTS,
            Self::Code(Refusal::CodeUnknown) | Self::CardUnknown | Self::NotFound => StatusCode::NOT_FOUND,
            Self::ShopNotAllowed { .. } => StatusCode::FORBIDDEN,
            _ => StatusCode::CONFLICT,
        }
    }

    /// What happened, in a few words.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Code(Refusal::TooManyAttempts { .. }) => "Too many wrong codes",
            Self::Code(Refusal::CodeUnknown) => "There is no such code",
            Self::Code(Refusal::CampaignNotActive(_)) => "The campaign is not active now",
            Self::Code(Refusal::NotAReceiver(_)) => "Not for this member",
            Self::Code(_) => "No uses left",
            Self::CardUnknown => "There is no such member card",
            Self::ShopNotAllowed { .. } => "Not in this shop",
            Self::ReservationEnded(_) => "The reservation is over",
            Self::ReservationCancelled(_) => "The reservation was cancelled",
            Self::ReservationValidated(_) => "The reservation was validated",
            Self::ReversalTooLate { .. } => "Too late to reverse",
            Self::AlreadyReversed(_) => "Reversed already",
            Self::NotFound => "Not found",
        }
    }

    /// Seconds after which it may be tried again.
    pub fn wait(&self) -> Option<i64> {
        match self {
            Self::Code(Refusal::TooManyAttempts { wait }) => Some(*wait),
            _ => None,
        }
    }

    /// Whether it could be a guess.
    pub fn is_wrong_code(&self) -> bool {
        matches!(self, Self::CardUnknown) || matches!(self, Self::Code(refusal) if refusal.is_wrong_code())
    }

    /// For the person at the till.
    pub fn sentence(&self, organisation: &Organisation) -> String {
        match self {
            Self::Code(refusal) => of_code(refusal, organisation),
            Self::CardUnknown => "No member has this card. A new card makes the old one worthless.".into(),
            Self::ShopNotAllowed { shop } if shop.is_empty() => {
                "This coupon is for some shops only, and the till’s key names no shop.".into()
            }
            Self::ShopNotAllowed { shop } => format!("This coupon does not work in {shop}."),
            Self::ReservationEnded(at) => {
                format!("The reservation ended at {}. Reserve again.", organisation.moment(*at))
            }
            Self::ReservationCancelled(at) => {
                format!("The reservation was cancelled at {}. Reserve again.", organisation.moment(*at))
            }
            Self::ReservationValidated(at) => {
                format!("The reservation was validated at {}.", organisation.moment(*at))
            }
            Self::ReversalTooLate { minutes: 0 } => "Validations cannot be reversed here.".into(),
            Self::ReversalTooLate { minutes: 1 } => "A validation can be reversed for a minute.".into(),
            Self::ReversalTooLate { minutes } => format!("A validation can be reversed for {minutes} minutes."),
            Self::AlreadyReversed(at) => format!("It was reversed at {}.", organisation.moment(*at)),
            Self::NotFound => "There is nothing with this key.".into(),
        }
    }
}

fn of_code(refusal: &Refusal, organisation: &Organisation) -> String {
    match refusal {
        Refusal::CampaignNotActive(Inactive::Expired(at)) => {
            format!("This member’s coupon was valid until {}.", organisation.end(*at))
        }
        Refusal::NotAReceiver(NotYours::Blocked) => "This member is blocked.".into(),
        Refusal::NotAReceiver(NotYours::Another) => "This code belongs to another member.".into(),
        Refusal::NotAReceiver(NotYours::Withdrawn) => "This member’s coupon was withdrawn.".into(),
        Refusal::NotAReceiver(NotYours::NotAmong) => "This code is for other members.".into(),
        Refusal::UsedUp => "This code has been used up.".into(),
        Refusal::UsedByMember { .. } => "This member has used it as often as each member may.".into(),
        other => other.sentence(organisation),
    }
}

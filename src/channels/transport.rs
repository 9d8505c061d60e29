//! What every way out has in common: it is given a message, says what became of it, and says before the moment from
//! which it can no longer be taken back.

use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult};

use crate::ids::MemberId;
use crate::settings::DateLanguage;

/// A message ready to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Key of the `message` row.
    pub id: i64,
    /// The same for every attempt and for nothing else: Message-ID, idempotency key, push topic. Tells no one a number.
    pub key: String,
    /// To whom; none: a test.
    pub member: Option<MemberId>,
    /// E.164 number or e-mail address; of push the member's devices are looked up.
    pub recipient: String,
    /// SMS only; empty: the channel's own.
    pub sender: String,
    /// E-mail's subject, a notification's title.
    pub subject: String,
    /// The text, with the link in its place.
    pub body: String,
    /// Where it leads, if anywhere.
    pub link: Option<String>,
    /// Address of the campaign's picture.
    pub picture: Option<String>,
    /// Where one click ends such messages (RFC 8058); none: it cannot be refused, as a sign-in code.
    pub unsubscribe: Option<String>,
    /// The coupon's last moment.
    pub ends_at: Option<DateTime<Utc>>,
    /// In which language dates are written; none: the organisation's.
    pub language: Option<DateLanguage>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider took it over; with the provider's own key, where it gives one.
    Sent(Option<String>),
    /// Not taken, and what is wrong may pass: timeouts, SMTP 4xx, HTTP 429 and 5xx. To be tried again, not before the
    /// seconds that the provider asks for.
    Later(String, Option<u64>),
    /// Not taken, and never will be: why, in the provider's words.
    Refused(String),
    /// The provider cannot be reached, or takes nothing from us at all (connection refused, wrong password, 421): not
    /// this message's fault. It stays where it is in the queue, and the channel rests for a while.
    Away(String),
    /// Handed over, and no answer came: it may have been sent.
    Uncertain(String),
    /// `hand_over` said no: nothing was sent.
    Unwanted,
}

/// A way out. A worker has one for each connection that the channel may use.
pub trait Transport: Send {
    /// Sends. Whatever can go wrong before the provider may act goes wrong before `hand_over` is called; it records that
    /// the message is now on its way, or says false if it must not go any more. After it, no answer is `Uncertain`.
    fn send(&mut self, message: &Outgoing, hand_over: &mut dyn FnMut() -> bool) -> Outcome;

    /// Just before `send`, with the database: looks up what only this way out needs, as a member's devices.
    fn prepare(&mut self, _conn: &mut PgConnection, _message: &Outgoing) -> QueryResult<()> {
        Ok(())
    }

    /// After `send`, with the database: stores what only this way out has learned, as devices that are gone.
    fn conclude(&mut self, _conn: &mut PgConnection, _message: &Outgoing) -> QueryResult<()> {
        Ok(())
    }

    /// Nothing is to be sent for a while.
    fn rest(&mut self) {}
}

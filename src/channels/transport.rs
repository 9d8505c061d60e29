//! What every way out has in common: it is given a message, says what became of it, and says before the moment from
//! which it can no longer be taken back.

use crate::ids::MemberId;

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
}

//! **Send test**: one message, at once and through the very transport, and what the provider answers.

use actix_web::rt::time::timeout;
use actix_web::web::{Data, Path, block};
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;

use super::MessageChannel;
use super::standing::Standing;
use super::stored::StoredChannel;
use super::tested::{self, Tested};
use super::transport::{Outcome, Outgoing};
use crate::Muster;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::members::{email::Email, phone::Phone};
use crate::schema::member;
use crate::sending::{ChannelRow, transport_of};
use crate::web::throttle::Limit;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

/// Tests of one dashboard user.
const PER_ACCOUNT: Limit = Limit { tries: 10, window: chrono::Duration::minutes(10) };
/// The page does not wait for longer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(25);

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TestForm {
    pub to: String,
}

#[derive(Template)]
#[template(path = "channels/test.html")]
struct TestPage {
    shell: Shell,
    standing: Standing,
    test: TestForm,
    test_errors: FieldErrors,
}

/// `GET /settings/channels/{channel}/test`
pub async fn new(shell: Shell, muster: Data<Muster>, channel: Path<String>) -> PageResult {
    let test = TestForm::default();
    show(&TestPage::load(shell, &muster, &channel, test, FieldErrors::new()).await?)
}

/// `POST /settings/channels/{channel}/test`
pub async fn create(
    shell: Shell,
    muster: Data<Muster>,
    channel: Path<String>,
    Form { typed, .. }: Form<TestForm>,
) -> PageResult {
    let of = MessageChannel::parse(&channel).ok_or(AppError::NotFound)?;
    match send(&muster, &shell, of, &typed).await {
        Ok(tested) => see_other_with(format!("/settings/channels/{channel}"), &tested.told()),
        Err(SaveError::Rejected(errors)) => rejected(&TestPage::load(shell, &muster, &channel, typed, errors).await?),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn send(muster: &Muster, shell: &Shell, of: MessageChannel, typed: &TestForm) -> Result<Tested, SaveError> {
    let (to, region, now) = (typed.to.clone(), shell.organisation.phone_region.clone(), shell.now);
    let limit = format!("channel test {}", shell.account.id);
    let organisation = shell.organisation.name.clone();
    let message = muster.db.write(move |conn| -> Result<_, SaveError> {
        let (member, recipient) = receiver(conn, of, &to, &region)?;
        if !StoredChannel::load(conn, of)?.is_set_up() {
            return Err(FieldErrors::one("to", "Fill in the settings of this channel and save them first").into());
        }
        if PER_ACCOUNT.count(conn, &limit, now)? > PER_ACCOUNT.tries {
            return Err(AppError::TooManyRequests(PER_ACCOUNT.wait(conn, &limit, now)?.unwrap_or(60)).into());
        }
        Ok(tested::begin(conn, of, member, recipient, &organisation, now)?)
    });
    let message = message.await?;
    let outcome = through_the_transport(muster, of, message.clone()).await?;
    let tested = Tested { channel: of, to: message.recipient.clone(), outcome };
    let (noted, actor) = (tested.clone(), shell.actor());
    muster.db.write(move |conn| -> Result<_, AppError> { Ok(noted.note(conn, &message, &actor, now)?) }).await?;
    Ok(tested)
}

async fn through_the_transport(muster: &Muster, of: MessageChannel, message: Outgoing) -> Result<Outcome, AppError> {
    let (db, keys, clock) = (muster.db.clone(), muster.keys.clone(), muster.clock.clone());
    let sent = block(move || -> Result<Outcome, AppError> {
        let row = db.blocking(|conn| -> Result<_, AppError> { Ok(ChannelRow::of(conn, of)?) })?;
        let row = row.ok_or(AppError::NotFound)?;
        let mut transport = match transport_of(&row, &keys, &clock) {
            Ok(transport) => transport,
            Err(why) => return Ok(Outcome::Away(why)),
        };
        db.blocking(|conn| -> Result<_, AppError> { Ok(transport.prepare(conn, &message)?) })?;
        let outcome = transport.send(&message, &mut || true);
        db.blocking(|conn| -> Result<_, AppError> { Ok(transport.conclude(conn, &message)?) })?;
        Ok(outcome)
    });
    match timeout(PATIENCE, sent).await {
        Ok(outcome) => outcome.map_err(AppError::internal)?,
        Err(_) => Ok(Outcome::Uncertain(format!("No answer within {} seconds", PATIENCE.as_secs()))),
    }
}

/// To whom, as the channel names people.
fn receiver(
    conn: &mut PgConnection,
    of: MessageChannel,
    typed: &str,
    region: &str,
) -> Result<(Option<MemberId>, String), SaveError> {
    let wrong = |message: String| SaveError::from(FieldErrors::one("to", message));
    match of {
        MessageChannel::Sms => Ok((None, Phone::parse(typed, region).map_err(wrong)?.as_str().to_owned())),
        MessageChannel::Email => Ok((None, Email::parse(typed).map_err(wrong)?.as_str().to_owned())),
        MessageChannel::Push => {
            let unknown = || wrong("Enter the number of a member who gets notifications".into());
            let number: i64 = typed.trim().parse().map_err(|_| unknown())?;
            let found = member::table.filter(member::number.eq(number)).select(member::id).first(conn).optional()?;
            let id: MemberId = found.ok_or_else(unknown)?;
            Ok((Some(id), format!("Member {number}")))
        }
    }
}

impl TestPage {
    async fn load(
        shell: Shell,
        muster: &Muster,
        channel: &str,
        test: TestForm,
        test_errors: FieldErrors,
    ) -> Result<Self, AppError> {
        let of = MessageChannel::parse(channel).ok_or(AppError::NotFound)?;
        let (organisation, now) = (shell.organisation.clone(), shell.now);
        let read = move |conn: &mut PgConnection| -> Result<_, AppError> {
            let stored = StoredChannel::load(conn, of)?;
            Ok(Standing::load(conn, &stored, &organisation, now)?)
        };
        let standing = muster.db.read(read).await?;
        Ok(Self { shell, standing, test, test_errors })
    }
}

impl TestForm {
    /// The field's label.
    pub fn label(&self, channel: &MessageChannel) -> &'static str {
        match channel {
            MessageChannel::Sms => "Phone",
            MessageChannel::Email => "E-mail",
            MessageChannel::Push => "Member number",
        }
    }

    /// The field's hint.
    pub fn hint(&self, channel: &MessageChannel) -> &'static str {
        match channel {
            MessageChannel::Sms | MessageChannel::Email => {
                "Your own. It is sent at once with the saved settings, also while the channel is off."
            }
            MessageChannel::Push => "Of a member whose devices take notifications, such as yourself.",
        }
    }

    /// The field's kind.
    pub fn kind(&self, channel: &MessageChannel) -> &'static str {
        match channel {
            MessageChannel::Sms => "tel",
            MessageChannel::Email => "email",
            MessageChannel::Push => "text",
        }
    }
}

//! `/c/{token}/unsubscribe`: ends the messages of a channel, by a button or by a mail program's one click (RFC 8058). The
//! token in the address is all the permission that is asked for.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;
use uuid::Uuid;

use super::coupon_link::private;
use crate::channels::MessageChannel;
use crate::channels::reports::fields::Fields;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{CampaignId, MemberId};
use crate::members::consent::ConsentSource;
use crate::members::unsubscribe;
use crate::schema::{campaign, delivery, member};
use crate::web::{MemberShell, PageResult, show as page};

#[derive(Template)]
#[template(path = "app/unsubscribe.html")]
struct UnsubscribePage {
    shell: MemberShell,
    /// None: there is nothing under this link.
    found: Option<Found>,
    token: String,
    /// What was done just now.
    done: Option<Done>,
}

/// Who, of what, and how it stands.
#[derive(Debug, Clone)]
struct Found {
    member: MemberId,
    campaign: CampaignId,
    channel: MessageChannel,
    agreed: bool,
    may_take_back: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    Ended,
    TakenBack,
}

/// `GET /c/{token}/unsubscribe`
pub async fn new(shell: MemberShell, db: Db, token: Path<String>) -> PageResult {
    let now = shell.now;
    let found = match Uuid::try_parse(&token) {
        Ok(token) => db.read(move |conn| -> Result<_, AppError> { Ok(Found::of(conn, token, now)?) }).await?,
        Err(_) => None,
    };
    answer(shell, found, &token, None)
}

/// `POST /c/{token}/unsubscribe`: answered with the page itself, as a mail program follows no redirect.
pub async fn create(shell: MemberShell, db: Db, token: Path<String>, fields: Fields) -> PageResult {
    let (now, take_back) = (shell.now, fields.get("undo") == Some("on"));
    let (found, done) = match Uuid::try_parse(&token) {
        Ok(token) => {
            db.write(move |conn| -> Result<_, AppError> {
                let Some(found) = Found::of(conn, token, now)? else { return Ok((None, None)) };
                let done = found.change(conn, take_back, now)?;
                Ok((Found::of(conn, token, now)?, done))
            })
            .await?
        }
        Err(_) => (None, None),
    };
    answer(shell, found, &token, done)
}

fn answer(shell: MemberShell, found: Option<Found>, token: &str, done: Option<Done>) -> PageResult {
    let status = if found.is_some() { 200 } else { 404 };
    private(page(&UnsubscribePage { shell, found, token: token.to_owned(), done })?, status)
}

impl Found {
    fn of(conn: &mut PgConnection, token: Uuid, now: chrono::DateTime<chrono::Utc>) -> QueryResult<Option<Self>> {
        let row: Option<(MemberId, CampaignId, String, bool, bool)> = delivery::table
            .inner_join(campaign::table.on(campaign::id.eq(delivery::campaign_id)))
            .inner_join(member::table.on(member::id.eq(delivery::member_id)))
            .filter(delivery::token.eq(token))
            .select((member::id, campaign::id, campaign::channel, member::sms_consent, member::email_consent))
            .first(conn)
            .optional()?;
        let Some((member, campaign, channel, sms, email)) = row else { return Ok(None) };
        let (channel, agreed) = match MessageChannel::parse(&channel) {
            Some(MessageChannel::Sms) => (MessageChannel::Sms, sms),
            Some(MessageChannel::Email) => (MessageChannel::Email, email),
            _ => return Ok(None),
        };
        let may_take_back = !agreed && unsubscribe::regrettable(conn, member, channel, campaign, now)?.is_some();
        Ok(Some(Self { member, campaign, channel, agreed, may_take_back }))
    }

    fn change(
        &self,
        conn: &mut PgConnection,
        take_back: bool,
        now: chrono::DateTime<chrono::Utc>,
    ) -> QueryResult<Option<Done>> {
        if take_back {
            let done = unsubscribe::take_back(conn, self.member, self.channel, self.campaign, now)?;
            return Ok(done.then_some(Done::TakenBack));
        }
        unsubscribe::end(conn, self.member, self.channel, ConsentSource::Unsubscribe(self.campaign), now)?;
        Ok(Some(Done::Ended))
    }

    /// "SMS" or "e-mails".
    fn messages(&self) -> &'static str {
        if self.channel == MessageChannel::Sms { "SMS" } else { "e-mails" }
    }
}

impl UnsubscribePage {
    fn title(&self) -> String {
        match &self.found {
            None => "Nothing here".into(),
            Some(found) if self.done == Some(Done::TakenBack) => format!("You get {} again", found.messages()),
            Some(found) if !found.agreed => format!("You get no more {}", found.messages()),
            Some(found) => format!("No more {}?", found.messages()),
        }
    }
}

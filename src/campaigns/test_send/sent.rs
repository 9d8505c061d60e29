//! The tests of a campaign and what became of them: a part of the review page, which asks until all is settled.

use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::TestForm;
use super::texts::{Texts, message_channel};
use crate::campaigns::draft::Missing;
use crate::campaigns::{Campaign, Status};
use crate::channels::MessageChannel;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::members::{Guarded, Sight};
use crate::schema::{message, test_send};
use crate::web::{FieldErrors, PageResult, Shell, filters, show};

/// How many are shown.
const SHOWN: i64 = 3;

/// One test.
#[derive(Debug, Clone, Queryable)]
pub struct SentTest {
    to: Guarded,
    channel: String,
    state: String,
    error: Option<String>,
    /// When it was asked for.
    pub at: DateTime<Utc>,
}

/// **Send a test**, with what has been sent.
pub struct Trial {
    /// Where the form posts.
    pub path: String,
    /// By what.
    pub channel: MessageChannel,
    /// As typed; at first one's own address.
    pub form: TestForm,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// What has to be entered first: words and address.
    pub lacks: Option<(String, String)>,
    /// What became of the last ones.
    pub sent: Tests,
}

/// The last tests of a campaign.
pub struct Tests {
    /// Where the part is asked for again.
    pub path: String,
    /// The latest first.
    pub rows: Vec<SentTest>,
}

#[derive(Template)]
#[template(path = "campaigns/steps/tests.html")]
struct TestsPart {
    shell: Shell,
    tests: Tests,
}

/// `GET /campaigns/{id}/tests`
pub async fn index(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let tests = db.read(move |conn| -> Result<_, AppError> {
        let campaign = Campaign::find(conn, *id)?;
        Ok(Tests::of(conn, campaign.id)?)
    });
    let tests = tests.await?;
    show(&TestsPart { shell, tests })
}

impl Tests {
    /// The latest first.
    pub fn of(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
        let rows = test_send::table
            .inner_join(message::table.on(message::id.eq(test_send::message_id)))
            .filter(test_send::campaign_id.eq(id))
            .order((test_send::created_at.desc(), message::id.desc()))
            .limit(SHOWN)
            .select((message::recipient, message::channel, message::state, message::error, test_send::created_at))
            .load(conn)?;
        Ok(Self { path: format!("{}/tests", crate::campaigns::campaign::path(id)), rows })
    }

    /// Whether there may be news.
    pub fn is_waiting(&self) -> bool {
        self.rows.iter().any(|row| matches!(row.state.as_str(), "queued" | "sending"))
    }
}

impl Trial {
    /// None: the campaign sends nothing, or nothing more.
    pub fn of(
        conn: &mut PgConnection,
        campaign: &Campaign,
        own_address: &str,
        now: DateTime<Utc>,
    ) -> QueryResult<Option<Self>> {
        let is_over = campaign.status(now) == Status::Cancelled;
        let Some(channel) = message_channel(campaign).filter(|_| !is_over) else { return Ok(None) };
        let lacks = Texts::of(campaign, channel).err();
        let to = if channel == MessageChannel::Email { own_address.to_owned() } else { String::new() };
        Ok(Some(Self {
            path: format!("{}/test", campaign.path()),
            channel,
            form: TestForm { to },
            errors: FieldErrors::new(),
            lacks: lacks.map(|lacks: Missing| (lacks.message.clone(), lacks.link(campaign.id))),
            sent: Tests::of(conn, campaign.id)?,
        }))
    }

    /// The name of its field.
    pub fn label(&self) -> &'static str {
        match self.channel {
            MessageChannel::Sms => "Phone number",
            MessageChannel::Email => "E-mail address",
            MessageChannel::Push => "Member’s phone or e-mail",
        }
    }

    /// What is sent to it.
    pub fn hint(&self) -> &'static str {
        match self.channel {
            MessageChannel::Sms => "The SMS as receivers get it. Its link leads to a test page of the coupon.",
            MessageChannel::Email => "The e-mail as receivers get it. Its link leads to a test page of the coupon.",
            MessageChannel::Push => {
                "A member who turned on notifications in the app, under Profile. The notification opens a test page of the coupon."
            }
        }
    }

    /// The type of its field.
    pub fn kind(&self) -> &'static str {
        match self.channel {
            MessageChannel::Sms => "tel",
            MessageChannel::Email => "email",
            MessageChannel::Push => "text",
        }
    }
}

impl SentTest {
    /// As people read it.
    pub fn recipient(&self, sight: Sight) -> String {
        self.to.shown(sight)
    }

    /// Its state.
    pub fn word(&self) -> &'static str {
        match self.state.as_str() {
            "queued" => "Queued",
            "sending" => "Being sent",
            "outbox" => "In the Outbox",
            "sent" => "Sent",
            "accepted" => "Accepted",
            "bounced" => "Bounced",
            "uncertain" => "Uncertain",
            "skipped" | "withdrawn" => "Not sent",
            _ => "Refused",
        }
    }

    /// How its badge is coloured.
    pub fn tone(&self) -> &'static str {
        match self.state.as_str() {
            "sent" | "accepted" => "good",
            "queued" | "sending" | "outbox" => "info",
            "uncertain" => "warn",
            "skipped" | "withdrawn" => "quiet",
            _ => "stop",
        }
    }

    /// The provider's words, also while it is tried again.
    pub fn why(&self, sight: Sight) -> String {
        let plain = match self.state.as_str() {
            "sent" | "accepted" => "",
            "outbox" => match self.channel.as_str() {
                "sms" => "No SMS gateway is turned on, so it went no further",
                "email" => "No mail server is turned on, so it went no further",
                _ => "Web push is not turned on, so it went no further",
            },
            _ => return sight.foreign(self.error.as_deref().unwrap_or_default()),
        };
        plain.to_owned()
    }
}

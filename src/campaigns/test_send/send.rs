//! Queues a test: before everything that belongs to a campaign, and whatever the campaign lacks otherwise.

use actix_web::web::{Data, Path};
use chrono::Duration;
use diesel::prelude::*;
use rand::RngExt;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::message_channel;
use super::recipient::Recipient;
use super::texts::Texts;
use crate::app::test_coupon;
use crate::audit::{self, Change, Subject};
use crate::campaigns::differences::Act;
use crate::campaigns::steps::{Step, review};
use crate::campaigns::{Campaign, Status};
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::schema::{message, test_send};
use crate::serve::Muster;
use crate::web::throttle::Limit;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, see_other_with};

/// Of one dashboard user.
const LIMIT: Limit = Limit { tries: 10, window: Duration::minutes(10) };
/// How long the address in a test shows the coupon.
const SHOWN: Duration = Duration::days(1);

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TestForm {
    /// A phone number, an e-mail address, or of push either.
    pub to: String,
}

/// Who tests what.
struct Test {
    act: Act,
    account: Uuid,
    campaign: CampaignId,
    to: String,
    region: String,
    public_url: String,
}

/// `POST /campaigns/{id}/test`
pub async fn create(shell: Shell, muster: Data<Muster>, id: Path<CampaignId>, form: Form<TestForm>) -> PageResult {
    let test = Test {
        act: Act::of(&shell),
        account: shell.account.id,
        campaign: *id,
        to: form.typed.to.clone(),
        region: shell.organisation.phone_region.clone(),
        public_url: muster.config.public_url.clone(),
    };
    match muster.db.write(move |conn| test.queue(conn)).await {
        Ok(()) => {
            see_other_with(format!("{}#test", Step::Review.path(*id)), &Flash::success("The test is on its way."))
        }
        Err(SaveError::Rejected(errors)) => review::with_test(shell, &muster.db, *id, form.typed, errors).await,
        Err(SaveError::Failed(error)) => Err(error),
    }
}

impl Test {
    fn queue(&self, conn: &mut PgConnection) -> Result<(), SaveError> {
        let refused = |why: String| SaveError::from(FieldErrors::one("to", why));
        let campaign = Campaign::find(conn, self.campaign)?;
        let channel = message_channel(&campaign).ok_or(AppError::NotFound)?;
        if campaign.status(self.act.now) == Status::Cancelled {
            return Err(refused("This campaign is cancelled: nothing more is sent".to_owned()));
        }
        let texts = Texts::of(&campaign, channel).map_err(|lacks| refused(lacks.message))?;
        let to = Recipient::parse(conn, channel, &self.to, &self.region)?;
        let key = format!("test send {}", self.account);
        if LIMIT.count(conn, &key, self.act.now)? > LIMIT.tries {
            return Err(refused(format!("At most {} tests in ten minutes. Wait a little", LIMIT.tries)));
        }
        let token = format!("{:032x}", rand::rng().random::<u128>()).split_off(1);
        let texts = texts.with_address(&format!("{}{}", self.public_url, test_coupon::path(&token)));
        let message: i64 = diesel::insert_into(message::table)
            .values((
                message::member_id.eq(to.member.map(|member| member.0)),
                message::purpose.eq("test"),
                message::channel.eq(channel.key()),
                message::recipient.eq(&to.address),
                message::subject.eq(&texts.subject),
                message::body.eq(&texts.body),
                message::created_at.eq(self.act.now),
            ))
            .returning(message::id)
            .get_result(conn)?;
        diesel::insert_into(test_send::table)
            .values((
                test_send::token.eq(token),
                test_send::campaign_id.eq(self.campaign.0),
                test_send::message_id.eq(message),
                test_send::account_id.eq(self.account),
                test_send::created_at.eq(self.act.now),
                test_send::ends_at.eq(self.act.now + SHOWN),
            ))
            .execute(conn)?;
        let subject = Subject::new("campaign", campaign.id, campaign.name());
        let after = json!({ "channel": channel.key(), "to": to.address });
        let change = Change { action: "test sent", before: None, after: Some(after) };
        Ok(audit::append(conn, &self.act.actor, self.act.now, &subject, &change)?)
    }
}

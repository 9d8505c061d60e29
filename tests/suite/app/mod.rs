//! The member app.

mod access;
mod code;
mod coupon_link;
mod coupons;
mod delete_account;
mod groups;
mod profile;
mod sign_in;

use diesel::prelude::*;
use muster::ids::{CampaignId, MemberId};
use muster::schema::{delivery, message};

use crate::support::TestApp;

/// Gives a member a coupon with this code, as issuing does.
fn issue(app: &TestApp, member: MemberId, campaign: CampaignId, code: &str) -> uuid::Uuid {
    let token = uuid::Uuid::new_v4();
    diesel::insert_into(delivery::table)
        .values((
            delivery::member_id.eq(member.0),
            delivery::campaign_id.eq(campaign.0),
            delivery::issued_at.eq(app.now()),
            delivery::code.eq(code),
            delivery::token.eq(token),
        ))
        .execute(&mut app.conn())
        .unwrap();
    token
}

/// The last one-time code that went to this phone or e-mail address.
fn last_code(app: &TestApp, recipient: &str) -> Option<String> {
    let body: Option<String> = message::table
        .filter(message::recipient.eq(recipient))
        .order(message::id.desc())
        .select(message::body)
        .first(&mut app.conn())
        .optional()
        .unwrap();
    body?.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6).map(Into::into)
}

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql.to_owned()).execute(&mut app.conn()).unwrap();
}

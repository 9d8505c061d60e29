//! Settings → **Channels**, the SMS gateway, what providers report, unsubscribing.

mod gateway;
mod kannel;

mod one_click;
mod reports;
mod settings;
mod sms;

use diesel::prelude::*;
use muster::ids::{CampaignId, MemberId};
use muster::schema::{delivery, message};

use crate::support::TestApp;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// The form of the SMS channel, filled in for a Twilio-like gateway.
fn twilio(admin: &Visitor, url: &str) -> Page {
    let form = admin.get("/settings/channels/sms").form("Save changes").tick("Twilio or compatible");
    let form = form.fill("Address", url).fill("Account SID", "AC1").fill("Password or token", "tok&en");
    form.fill("Sender", "Muster").tick("Send SMS through this gateway").send()
}

/// A coupon with a link whose message is in this state, known to the provider as `provider`.
fn told(
    app: &TestApp,
    member: MemberId,
    campaign: CampaignId,
    channel: &str,
    state: &str,
    provider: &str,
) -> uuid::Uuid {
    let token = uuid::Uuid::new_v4();
    let sent = matches!(state, "sent" | "accepted").then(|| app.now());
    diesel::insert_into(delivery::table)
        .values((
            delivery::member_id.eq(member.0),
            delivery::campaign_id.eq(campaign.0),
            delivery::issued_at.eq(app.now()),
            delivery::queued_at.eq(app.now()),
            delivery::sent_at.eq(sent),
            delivery::code.eq("ABCDEFGH"),
            delivery::token.eq(token),
        ))
        .execute(&mut app.conn())
        .unwrap();
    diesel::insert_into(message::table)
        .values((
            message::member_id.eq(member.0),
            message::campaign_id.eq(campaign.0),
            message::purpose.eq("coupon"),
            message::channel.eq(channel),
            message::recipient.eq("+4915112345678"),
            message::body.eq("Your coupon: {link}"),
            message::state.eq(state),
            message::provider_id.eq((!provider.is_empty()).then_some(provider)),
            message::next_attempt_at.eq(app.now() + chrono::Duration::days(1)),
            message::created_at.eq(app.now()),
        ))
        .execute(&mut app.conn())
        .unwrap();
    token
}

/// The secret part of a channel's address for reports, as its page shows it.
fn hook(admin: &Visitor, channel: &str) -> String {
    let shown = admin.get(&format!("/settings/channels/{channel}")).text_at("p.hook-address");
    shown.split_once("/hooks/").map(|(_, rest)| format!("/hooks/{rest}")).unwrap()
}

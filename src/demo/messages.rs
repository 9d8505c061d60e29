//! What lies in the Outbox: the coupons of SMS and e-mail campaigns, and the sign-in codes of the last days.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use super::calendar::Calendar;
use super::campaign::Campaign;
use super::deliveries::Delivery;
use super::members::Guest;
use crate::campaigns::Channel;
use crate::deliveries::message::NewMessage;
use crate::ids::CampaignId;
use crate::schema::message;
use crate::seed::Dice;

/// Stores them, the oldest first.
pub fn insert(
    conn: &mut PgConnection,
    guests: &[Guest],
    campaigns: &[Campaign],
    deliveries: &[Delivery],
    calendar: &Calendar,
    public_url: &str,
) -> QueryResult<()> {
    let coupons = deliveries
        .iter()
        .filter_map(|delivery| coupon(&guests[delivery.guest], &campaigns[delivery.campaign], delivery, public_url));
    let mut messages: Vec<NewMessage> = coupons.chain(sign_ins(guests, calendar)).collect();
    messages.sort_by_key(|message| message.created_at);
    for some in messages.chunks(1_000) {
        diesel::insert_into(message::table).values(some).execute(conn)?;
    }
    Ok(())
}

fn coupon(guest: &Guest, campaign: &Campaign, delivery: &Delivery, public_url: &str) -> Option<NewMessage> {
    let link = format!("{public_url}/c/{}", delivery.token?);
    let (recipient, subject, body) = match campaign.spec.channel {
        Channel::Sms => (guest.person.phone.clone()?, "", campaign.spec.sms),
        _ => (guest.person.email.clone()?, campaign.spec.email.0, campaign.spec.email.1),
    };
    Some(NewMessage {
        member_id: Some(guest.id),
        campaign_id: Some(CampaignId(campaign.id.0)),
        purpose: "coupon",
        channel: campaign.spec.channel.key(),
        recipient,
        subject: subject.to_owned(),
        body: body.replace("{link}", &link),
        created_at: delivery.issued_at,
    })
}

/// Long expired, but that is how an Outbox looks.
fn sign_ins<'a>(guests: &'a [Guest], calendar: &'a Calendar) -> impl Iterator<Item = NewMessage> + 'a {
    (0..14).map(|number| {
        let mut dice = Dice::of(0x516, number);
        let guest = &guests[dice.index(guests.len())];
        let at: DateTime<Utc> = calendar.between(calendar.day(-3), calendar.now - Duration::minutes(30), &mut dice);
        let (channel, recipient) = match (&guest.person.phone, &guest.person.email) {
            (Some(phone), _) => ("sms", phone.clone()),
            (None, email) => ("email", email.clone().unwrap_or_default()),
        };
        let code = dice.between(100_000, 999_999);
        NewMessage {
            member_id: Some(guest.id),
            campaign_id: None,
            purpose: "sign_in",
            channel,
            recipient,
            subject: if channel == "email" { "Your code for Kaffeekontor".to_owned() } else { String::new() },
            body: format!("{code} is your code for Kaffeekontor. It works for 10 minutes. Give it to nobody."),
            created_at: at,
        }
    })
}

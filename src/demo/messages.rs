//! What was sent, or lies in the Outbox: the coupons of SMS and e-mail campaigns, and the sign-in codes of the last days.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use super::calendar::Calendar;
use super::campaign::Campaign;
use super::deliveries::Delivery;
use super::members::Guest;
use crate::campaigns::Channel;
use crate::deliveries::message::NewMessage;
use crate::ids::CampaignId;
use crate::schema::{message, message_text};
use crate::seed::Dice;

/// Stores them, the oldest first.
pub fn insert(
    conn: &mut PgConnection,
    guests: &[Guest],
    campaigns: &[Campaign],
    deliveries: &[Delivery],
    calendar: &Calendar,
) -> QueryResult<()> {
    let mut all: Vec<Told> = sign_ins(guests, calendar).collect();
    for (place, campaign) in campaigns.iter().enumerate().filter(|(_, campaign)| campaign.published_at.is_some()) {
        if !campaign.has_messages() {
            continue;
        }
        let coupon = text(conn, campaign, "")?;
        let reminder = text(conn, campaign, "Reminder: ")?;
        for made in deliveries.iter().filter(|made| made.campaign == place && made.token.is_some()) {
            all.extend(brought(&guests[made.guest], campaign, made, coupon));
            all.extend(reminded(&guests[made.guest], campaign, made, reminder, calendar));
        }
    }
    all.sort_by_key(|told| told.message.created_at);
    for some in all.chunks(1_000) {
        let rows: Vec<_> = some
            .iter()
            .map(|told| {
                (
                    &told.message,
                    message::state.eq(told.state),
                    message::text_id.eq(told.text),
                    message::moved_at.eq(told.moved_at),
                    message::error.eq(told.error),
                    message::attempts.eq(1_i16),
                )
            })
            .collect();
        diesel::insert_into(message::table).values(rows).execute(conn)?;
    }
    Ok(())
}

/// A message, and what came of it.
struct Told {
    message: NewMessage,
    state: &'static str,
    text: Option<i64>,
    moved_at: Option<DateTime<Utc>>,
    error: Option<&'static str>,
}

/// What a campaign's messages say.
fn text(conn: &mut PgConnection, campaign: &Campaign, before: &str) -> QueryResult<i64> {
    let (subject, body) = match campaign.spec.channel {
        Channel::Sms => (String::new(), format!("{before}{}", campaign.spec.sms)),
        _ => (format!("{before}{}", campaign.spec.email.0), campaign.spec.email.1.to_owned()),
    };
    let values =
        (message_text::campaign_id.eq(campaign.id.0), message_text::subject.eq(subject), message_text::body.eq(body));
    diesel::insert_into(message_text::table).values(values).returning(message_text::id).get_result(conn)
}

fn to(guest: &Guest, campaign: &Campaign, purpose: &'static str, created_at: DateTime<Utc>) -> Option<NewMessage> {
    let recipient = match campaign.spec.channel {
        Channel::Sms => guest.person.phone.clone()?,
        _ => guest.person.email.clone()?,
    };
    Some(NewMessage {
        member_id: Some(guest.id),
        campaign_id: Some(CampaignId(campaign.id.0)),
        purpose,
        channel: campaign.spec.channel.key(),
        recipient,
        subject: String::new(),
        body: String::new(),
        link_hash: None,
        created_at,
    })
}

fn brought(guest: &Guest, campaign: &Campaign, made: &Delivery, text: i64) -> Option<Told> {
    Some(Told {
        message: to(guest, campaign, "coupon", made.issued_at)?,
        state: made.fate.message_state(campaign.spec.channel),
        text: Some(text),
        moved_at: made.fate.moved_at(),
        error: made.fate.error,
    })
}

/// Whoever had it unused some days before its end.
fn reminded(guest: &Guest, campaign: &Campaign, made: &Delivery, text: i64, calendar: &Calendar) -> Option<Told> {
    let due = made.expires_at? - Duration::days(campaign.spec.reminder_days?.into());
    let at = calendar.after_night(due) + Duration::minutes(7);
    let had_it = made.fate.has_arrived(true) && made.withdrawn.is_none_or(|(gone, _)| gone > at);
    let unused = made.validated_at.is_none_or(|used| used > at);
    (due > made.issued_at && at < calendar.now && had_it && unused).then_some(())?;
    Some(Told {
        message: to(guest, campaign, "reminder", at)?,
        state: "sent",
        text: Some(text),
        moved_at: Some(at + Duration::seconds(2)),
        error: None,
    })
}

/// Long expired, but that is how an Outbox looks.
fn sign_ins<'a>(guests: &'a [Guest], calendar: &'a Calendar) -> impl Iterator<Item = Told> + 'a {
    (0..14).map(|number| {
        let mut dice = Dice::of(0x516, number);
        let guest = &guests[dice.index(guests.len())];
        let at: DateTime<Utc> = calendar.between(calendar.day(-3), calendar.now - Duration::minutes(30), &mut dice);
        let (channel, recipient) = match (&guest.person.phone, &guest.person.email) {
            (Some(phone), _) => ("sms", phone.clone()),
            (None, email) => ("email", email.clone().unwrap_or_default()),
        };
        let code = dice.between(100_000, 999_999);
        let message = NewMessage {
            member_id: Some(guest.id),
            campaign_id: None,
            purpose: "sign_in",
            channel,
            recipient,
            subject: if channel == "email" { "Your code for Kaffeekontor".to_owned() } else { String::new() },
            body: format!("{code} is your code for Kaffeekontor. It works for 10 minutes. Give it to nobody."),
            link_hash: None,
            created_at: at,
        };
        Told { message, state: "outbox", text: None, moved_at: Some(at), error: None }
    })
}

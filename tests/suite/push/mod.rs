//! Web push: subscribing in the app, sending to push services, showing in a browser.

mod browser;
pub mod decrypt;
mod sending;
pub mod service;
mod subscribing;
mod worker_script;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use muster::channels::push::PushTransport;
use muster::channels::transport::{Outcome, Outgoing, Transport};
use muster::ids::{CampaignId, MemberId};
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint;

use crate::support::TestApp;

/// A browser's end of a subscription.
pub struct Device {
    pub endpoint: String,
    pub secret: SecretKey,
    pub auth: [u8; 16],
}

impl Device {
    pub fn new(endpoint: impl Into<String>) -> Self {
        let mut bytes: [u8; 32] = rand::random();
        bytes[0] = 1;
        Self { endpoint: endpoint.into(), secret: SecretKey::from_slice(&bytes).unwrap(), auth: rand::random() }
    }

    pub fn public(&self) -> Vec<u8> {
        self.secret.public_key().to_encoded_point(false).as_bytes().to_vec()
    }

    pub fn fields(&self) -> [(&'static str, String); 3] {
        [
            ("endpoint", self.endpoint.clone()),
            ("p256dh", URL_SAFE_NO_PAD.encode(self.public())),
            ("auth", URL_SAFE_NO_PAD.encode(self.auth)),
        ]
    }

    /// As if the member had turned it on.
    pub fn store(&self, app: &TestApp, member: MemberId) {
        use muster::schema::push_subscription as table;
        diesel::insert_into(table::table)
            .values((
                table::member_id.eq(member.0),
                table::endpoint.eq(&self.endpoint),
                table::p256dh.eq(self.public()),
                table::auth.eq(self.auth.to_vec()),
                table::created_at.eq(app.now()),
            ))
            .execute(&mut app.conn())
            .unwrap();
    }
}

/// Push services on this machine may be called.
pub fn allow_private(app: &TestApp) {
    diesel::sql_query(r#"UPDATE channel SET settings = settings || '{"private_network": true}' WHERE key = 'push'"#)
        .execute(&mut app.conn())
        .unwrap();
}

/// A push message to the member, in the queue.
pub fn queue(app: &TestApp, member: MemberId, campaign: Option<CampaignId>) -> Outgoing {
    use muster::schema::message;
    let id: i64 = diesel::insert_into(message::table)
        .values((
            message::member_id.eq(member.0),
            message::campaign_id.eq(campaign.map(|id| id.0)),
            message::purpose.eq("coupon"),
            message::channel.eq("push"),
            message::recipient.eq(""),
            message::subject.eq("Free coffee"),
            message::body.eq("One cup on us."),
            message::created_at.eq(app.now()),
        ))
        .returning(message::id)
        .get_result(&mut app.conn())
        .unwrap();
    Outgoing {
        id,
        key: format!("key-{id}"),
        member: Some(member),
        recipient: String::new(),
        sender: String::new(),
        subject: "Free coffee".into(),
        body: "One cup on us.".into(),
        link: None,
        picture: None,
        unsubscribe: None,
        ends_at: None,
        language: None,
    }
}

pub fn transport(app: &TestApp) -> PushTransport {
    PushTransport::open(&app.muster.db, &app.muster.keys, &app.clock).unwrap()
}

pub fn send(app: &TestApp, message: &Outgoing) -> Outcome {
    transport(app).send(message, &mut || true)
}

//! The way out to members' devices: each of a member's browsers at its push service.

use std::collections::HashMap;
use std::io::Read;
use std::time::Duration;

use chrono::{DateTime, Utc};
use ureq::Agent;

use super::address::Endpoint;
use super::answer::{Answer, retry_after, together};
use super::errand::{self, Errand, path_of};
use super::notice::{MAX_TEXT, Notice, beginning, seal, topic};
use super::settings::{PushSettings, key_pair};
use super::vapid::VapidKey;
use super::{Subscription, guarded};
use crate::channels::transport::{Outcome, Outgoing, Transport};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::AppError;
use crate::sealed::Keys;
use crate::web::assets;

/// How long a push service may take for everything together.
const PATIENCE: Duration = Duration::from_secs(15);
/// Tokens are signed anew after so long; they are valid for longer.
const FRESH: chrono::Duration = chrono::Duration::hours(1);
/// Bytes of a refusal's words.
const WORDS: u64 = 300;

/// Speaks to push services.
pub struct PushTransport {
    db: Db,
    clock: Clock,
    agent: Agent,
    key: VapidKey,
    subject: String,
    private_network: bool,
    tokens: HashMap<String, (DateTime<Utc>, String)>,
}

/// A message for one device, encrypted and signed.
struct Parcel {
    to: Subscription,
    endpoint: Endpoint,
    body: Vec<u8>,
    token: String,
}

impl PushTransport {
    /// With the stored key and contact; makes the key, if there is none yet.
    pub fn open(db: &Db, keys: &Keys, clock: &Clock) -> Result<Self, AppError> {
        let (settings, key, public_url) = db.blocking(|conn| -> Result<_, AppError> {
            let key = key_pair(conn, keys)?;
            Ok((PushSettings::load(conn)?, key, errand::public_url(conn)?))
        })?;
        Ok(Self {
            db: db.clone(),
            clock: clock.clone(),
            agent: guarded::agent(settings.private_network, PATIENCE),
            key,
            subject: settings.subject(&public_url),
            private_network: settings.private_network,
            tokens: HashMap::new(),
        })
    }

    /// The same, waiting no longer than this for an answer.
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.agent = guarded::agent(self.private_network, patience);
        self
    }

    fn parcels(&mut self, message: &Outgoing, errand: Errand) -> Vec<Parcel> {
        let notice = Notice {
            title: message.subject.clone(),
            text: beginning(&message.body, MAX_TEXT),
            url: errand.path,
            tag: topic(&message.key),
            icon: assets::address("app/icon-192.png"),
            picture: message.picture.as_deref().map(path_of).unwrap_or_default(),
        };
        let plain = notice.bytes();
        let parcel = |to: Subscription| {
            let endpoint = Endpoint::parse(&to.endpoint, self.private_network).ok()?;
            let token = self.token(&endpoint.origin);
            Some(Parcel { body: seal(&plain, &to)?, to, endpoint, token })
        };
        errand.devices.into_iter().filter_map(parcel).collect()
    }

    fn token(&mut self, origin: &str) -> String {
        let now = self.clock.now();
        self.tokens.retain(|_, (since, _)| now - *since < FRESH);
        let make = || (now, self.key.authorization(origin, &self.subject, now));
        self.tokens.entry(origin.to_owned()).or_insert_with(make).1.clone()
    }

    fn deliver(&self, parcel: &Parcel, ttl: i64, topic: &str) -> Answer {
        let request = self
            .agent
            .post(&parcel.endpoint.uri)
            .header("TTL", ttl.to_string())
            .header("Topic", topic)
            .header("Urgency", "normal")
            .header("Content-Encoding", "aes128gcm")
            .header("Content-Type", "application/octet-stream")
            .header("Authorization", &parcel.token);
        match request.send(&parcel.body[..]) {
            Ok(response) => {
                let status = response.status().as_u16();
                let header = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
                let wait = header.and_then(|header| retry_after(header, self.clock.now()));
                let mut words = Vec::new();
                // what cannot be read is not needed
                drop(response.into_body().into_reader().take(WORDS).read_to_end(&mut words));
                Answer::of(status, &beginning(&String::from_utf8_lossy(&words), 120), wait)
            }
            Err(error) => Answer::Later(format!("{}: {error}", parcel.endpoint.origin), None),
        }
    }

    fn note(&self, parcels: &[Parcel], answers: &[Answer]) {
        let with = |wanted: &Answer| {
            let pairs = parcels.iter().zip(answers);
            pairs.filter(|(_, answer)| *answer == wanted).map(|(parcel, _)| &parcel.to).collect::<Vec<_>>()
        };
        let (gone, now) = (with(&Answer::Gone), self.clock.now());
        let taken: Vec<i64> = with(&Answer::Taken).iter().map(|one| one.id).collect();
        let noted = self.db.blocking(|conn| -> Result<_, AppError> {
            Subscription::forget(conn, &gone)?;
            Ok(Subscription::note_taken(conn, &taken, now)?)
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "what push services answered could not be noted");
        }
    }
}

impl Transport for PushTransport {
    fn send(&mut self, message: &Outgoing, hand_over: &mut dyn FnMut() -> bool) -> Outcome {
        let now = self.clock.now();
        let found = self.db.blocking(|conn| -> Result<_, AppError> { Ok(Errand::load(conn, message, now)?) });
        let errand = match found {
            Ok(errand) => errand,
            Err(error) => return Outcome::Later(error.to_string(), None),
        };
        let ttl = errand.ttl;
        let parcels = self.parcels(message, errand);
        if parcels.is_empty() {
            return Outcome::Refused("No device takes notifications".to_owned());
        }
        if !hand_over() {
            return Outcome::Unwanted;
        }
        let topic = topic(&message.key);
        let answers: Vec<Answer> = parcels.iter().map(|parcel| self.deliver(parcel, ttl, &topic)).collect();
        self.note(&parcels, &answers);
        together(&answers)
    }
}

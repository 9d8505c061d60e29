//! The way out to members' devices: each of a member's browsers at its push service.

use std::collections::HashMap;
use std::io::Read;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult};
use ureq::Agent;

use super::address::Endpoint;
use super::answer::{Answer, retry_after, together};
use super::errand::{self, Errand, path_of};
use super::notice::{MAX_TEXT, Notice, beginning, seal, topic};
use super::settings::{PushSettings, key_of, stored};
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
    /// None: whoever sends looks things up and notes what was learned, by `prepare` and `conclude`.
    db: Option<Db>,
    clock: Clock,
    agent: Agent,
    key: VapidKey,
    subject: String,
    private_network: bool,
    tokens: HashMap<String, (DateTime<Utc>, String)>,
    /// Looked up for the message with this key.
    errand: Option<(i64, Errand)>,
    learned: Learned,
}

/// What push services said of devices.
#[derive(Default)]
struct Learned {
    gone: Vec<Subscription>,
    taken: Vec<i64>,
}

/// A message for one device, encrypted and signed.
struct Parcel {
    to: Subscription,
    endpoint: Endpoint,
    body: Vec<u8>,
    token: String,
}

impl PushTransport {
    /// With what is stored of the channel: its settings and its sealed secret.
    pub fn of(
        settings: serde_json::Value,
        secret: Option<&[u8]>,
        keys: &Keys,
        public_url: &str,
        clock: &Clock,
    ) -> Result<Self, String> {
        let settings: PushSettings = serde_json::from_value(settings).map_err(|error| error.to_string())?;
        // as long as there is no key, nobody has subscribed to it
        let key = match secret {
            Some(sealed) => key_of(keys, sealed)?,
            None => VapidKey::random(),
        };
        Ok(Self {
            db: None,
            clock: clock.clone(),
            agent: guarded::agent(settings.private_network, PATIENCE),
            key,
            subject: settings.subject(public_url),
            private_network: settings.private_network,
            tokens: HashMap::new(),
            errand: None,
            learned: Learned::default(),
        })
    }

    /// The same, and it looks things up by itself.
    pub fn open(db: &Db, keys: &Keys, clock: &Clock) -> Result<Self, AppError> {
        let ((settings, secret), public_url) =
            db.blocking(|conn| -> Result<_, AppError> { Ok((stored(conn)?, errand::public_url(conn)?)) })?;
        let opened = Self::of(settings, secret.as_deref(), keys, &public_url, clock).map_err(AppError::internal)?;
        Ok(Self { db: Some(db.clone()), ..opened })
    }

    /// Looks up the member's devices, just before it is sent.
    pub fn look_up(&mut self, conn: &mut PgConnection, message: &Outgoing) -> QueryResult<()> {
        self.errand = Some((message.id, Errand::load(conn, message, self.clock.now())?));
        Ok(())
    }

    /// Forgets devices that are gone, and notes which took the message.
    pub fn note(&mut self, conn: &mut PgConnection) -> QueryResult<()> {
        let Learned { gone, taken } = std::mem::take(&mut self.learned);
        Subscription::forget(conn, &gone)?;
        Subscription::note_taken(conn, &taken, self.clock.now())
    }

    fn errand(&mut self, message: &Outgoing) -> Result<Errand, AppError> {
        if let Some((_, errand)) = self.errand.take().filter(|(id, _)| *id == message.id) {
            return Ok(errand);
        }
        let db = self.db.as_ref().ok_or_else(|| AppError::internal("nobody looked up the devices"))?;
        let now = self.clock.now();
        db.blocking(|conn| Ok(Errand::load(conn, message, now)?))
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

    fn learn(&mut self, parcels: Vec<Parcel>, answers: &[Answer]) {
        for (parcel, answer) in parcels.into_iter().zip(answers) {
            match answer {
                Answer::Gone => self.learned.gone.push(parcel.to),
                Answer::Taken => self.learned.taken.push(parcel.to.id),
                Answer::Later(..) | Answer::Refused(_) => {}
            }
        }
    }

    fn note_by_itself(&mut self) {
        let Some(db) = self.db.clone() else { return };
        if let Err(error) = db.blocking(|conn| -> Result<_, AppError> { Ok(self.note(conn)?) }) {
            tracing::warn!(%error, "what push services answered could not be noted");
        }
    }
}

impl Transport for PushTransport {
    fn prepare(&mut self, conn: &mut PgConnection, message: &Outgoing) -> QueryResult<()> {
        self.look_up(conn, message)
    }

    fn conclude(&mut self, conn: &mut PgConnection, _message: &Outgoing) -> QueryResult<()> {
        self.note(conn)
    }

    fn send(&mut self, message: &Outgoing, hand_over: &mut dyn FnMut() -> bool) -> Outcome {
        let errand = match self.errand(message) {
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
        self.learn(parcels, &answers);
        self.note_by_itself();
        together(&answers)
    }
}

//! A program that calls an API: no cookies, a key, JSON.

use std::time::Duration;

use diesel::prelude::*;
use muster::api::{ApiKey, Scope};
use muster::schema::api_key;
use serde_json::Value;
use ureq::Agent;

use super::TestApp;

/// With one key; clones share its connections.
#[derive(Clone)]
pub struct Program {
    /// Keeps connections.
    pub agent: Agent,
    /// What all paths begin with.
    pub base: String,
    /// Its key.
    pub key: String,
    /// Row of its key.
    pub key_id: i64,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    pub status: u16,
    pub kind: String,
    pub retry_after: Option<String>,
    /// As it came.
    pub text: String,
    pub body: Value,
}

impl Answered {
    /// The stable code of a problem document.
    pub fn code(&self) -> &str {
        assert_eq!(self.kind, "application/problem+json", "{}", self.text);
        assert_eq!(self.body["status"], self.status);
        self.body["code"].as_str().unwrap()
    }

    /// Status and code.
    pub fn refusal(&self) -> (u16, &str) {
        (self.status, self.code())
    }

    /// What was done, as JSON.
    pub fn done(&self) -> &Value {
        assert!(self.status < 300 && self.kind == "application/json", "{} {}", self.status, self.text);
        &self.body
    }
}

impl Program {
    /// With a new key of this scope, for a shop ("": none), at `base`.
    pub fn new(app: &TestApp, scope: Scope, shop: &str, base: &str) -> Self {
        let key = ApiKey::random_text();
        let key_id = diesel::insert_into(api_key::table)
            .values((
                api_key::name.eq("A program"),
                api_key::scope.eq(scope.key()),
                api_key::shop.eq(shop),
                api_key::key_hash.eq(ApiKey::hash(&key)),
                api_key::hint.eq(ApiKey::hint(&key)),
                api_key::created_at.eq(app.now()),
                api_key::last_used_from.eq(""),
            ))
            .returning(api_key::id)
            .get_result(&mut app.conn())
            .unwrap();
        let base = format!("http://{}{base}", app.address);
        Self { agent: agent(), base, key, key_id }
    }

    /// The same key at another server.
    pub fn at(&self, base: &str) -> Self {
        Self { agent: agent(), base: base.to_owned(), ..self.clone() }
    }

    /// Asks.
    pub fn get(&self, path: &str) -> Answered {
        self.try_send("GET", path, &[], None).unwrap()
    }

    /// Sends JSON.
    pub fn post(&self, path: &str, body: Value) -> Answered {
        self.try_send("POST", path, &[], Some(&body.to_string())).unwrap()
    }

    /// Sends JSON once: with an Idempotency-Key.
    pub fn once(&self, path: &str, once: &str, body: Value) -> Answered {
        self.try_send("POST", path, &[("Idempotency-Key", once)], Some(&body.to_string())).unwrap()
    }

    /// Whatever it is; an error where there is no answer.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Result<Answered, ureq::Error> {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        if !headers.iter().any(|(name, _)| *name == "Authorization") {
            request = request.header("Authorization", format!("Bearer {}", self.key));
        }
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "Content-Type") {
            request = request.header("Content-Type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = match body {
            Some(body) => self.agent.run(request.body(body.to_owned()).unwrap())?,
            None => self.agent.run(request.body(()).unwrap())?,
        };
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (kind, retry_after) = (header("content-type").unwrap_or_default(), header("retry-after"));
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string()?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answered { status, kind, retry_after, text, body })
    }
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_idle_connections(200)
        .max_idle_connections_per_host(100)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .new_agent()
}

//! A program that calls an API, and looks at headers too.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

use crate::support::TestApp;

/// With a key or a token.
#[derive(Clone)]
pub struct Caller {
    agent: Agent,
    base: String,
    bearer: String,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub body: Value,
}

impl Caller {
    /// At `base`; an empty bearer: a stranger.
    pub fn new(app: &TestApp, base: &str, bearer: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(120)))
            .build()
            .new_agent();
        Self { agent, base: format!("http://{}{base}", app.address), bearer: bearer.to_owned() }
    }

    /// The same with another token.
    pub fn with(&self, bearer: &str) -> Self {
        Self { bearer: bearer.to_owned(), ..self.clone() }
    }

    /// Its key or token.
    pub fn bearer(&self) -> &str {
        &self.bearer
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], None)
    }

    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], None)
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, &[], Some(body.to_string()))
    }

    pub fn put(&self, path: &str, body: Value) -> Reply {
        self.send("PUT", path, &[], Some(body.to_string()))
    }

    pub fn patch(&self, path: &str, body: Value) -> Reply {
        self.send("PATCH", path, &[], Some(body.to_string()))
    }

    /// Whatever it is; a body is JSON unless a header says otherwise.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<String>) -> Reply {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if !self.bearer.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.bearer));
        }
        if body.is_some() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            request = request.header("Content-Type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = match body {
            Some(body) => self.agent.run(request.body(body).unwrap()).unwrap(),
            None => self.agent.run(request.body(()).unwrap()).unwrap(),
        };
        let text = answer.body_mut().with_config().limit(100_000_000).read_to_string().unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply { status: answer.status().as_u16(), headers: answer.headers().clone(), text, body }
    }
}

impl Reply {
    /// The body of an answer with this status.
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }

    /// Status and code of a problem document.
    pub fn refusal(&self) -> (u16, &str) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, self.text);
        assert_eq!(self.body["status"], self.status);
        (self.status, self.body["code"].as_str().unwrap())
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Each line as JSON.
    pub fn lines(&self) -> Vec<Value> {
        self.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

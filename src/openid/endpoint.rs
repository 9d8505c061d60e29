//! Requests to the provider: with the HTTP client that the channels use, few at a time, and none of them for long.

use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse};
use ureq::Agent;

/// For everything of one request.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer: metadata and keys are a few thousand.
const MOST: u64 = 1024 * 1024;
/// Conversations at a time: a provider that does not answer must not hold all threads.
const TURNS: usize = 3;

/// The provider's side of the wire.
pub struct Endpoint {
    agent: Agent,
    turns: AtomicUsize,
}

/// A request came to nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Away(String);

/// The right to talk to the provider; ends when it is dropped.
pub struct Turn<'a>(&'a Endpoint);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.turns.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Endpoint {
    /// No redirects, which would carry the secret elsewhere; every status is an answer.
    pub fn open() -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(32 * 1024)
            .timeout_global(Some(PATIENCE))
            .build()
            .new_agent();
        Self { agent, turns: AtomicUsize::new(0) }
    }

    /// None: too many others are talking to it.
    pub fn turn(&self) -> Option<Turn<'_>> {
        let before = self.turns.fetch_add(1, Ordering::SeqCst);
        let turn = Turn(self);
        (before < TURNS).then_some(turn)
    }

    /// Sends, and reads the answer.
    pub fn call(&self, request: HttpRequest) -> Result<HttpResponse, Away> {
        let away = |error: &dyn std::fmt::Display| Away(error.to_string());
        let response = self.agent.run(request).map_err(|error| away(&error))?;
        let (parts, body) = response.into_parts();
        let mut bytes = Vec::new();
        body.into_reader().take(MOST + 1).read_to_end(&mut bytes).map_err(|error| away(&error))?;
        if bytes.len() as u64 > MOST {
            return Err(Away("the answer is too long".to_owned()));
        }
        Ok(HttpResponse::from_parts(parts, bytes))
    }
}

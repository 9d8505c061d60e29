//! What a provider sends: pairs in the address, form fields, or one flat JSON object.

use std::future::Future;
use std::pin::Pin;

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use futures_util::StreamExt;
use serde_json::Value;

use crate::error::AppError;

/// More is no report.
const MOST: usize = 64 * 1024;

/// Names and values, those of the address first. It needs no token: the address itself is the secret.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// In the address.
    pub query: Vec<(String, String)>,
    /// In the body.
    pub body: Vec<(String, String)>,
}

impl Fields {
    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let all = self.query.iter().chain(&self.body);
        all.into_iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequest for Fields {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let mut body = Vec::new();
            while let Some(chunk) = payload.next().await {
                let chunk = chunk.map_err(|_| unreadable())?;
                if body.len() + chunk.len() > MOST {
                    return Err(AppError::TooLarge("A report takes at most 64 KiB. Nothing was saved.".into()));
                }
                body.extend_from_slice(&chunk);
            }
            let kind = req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let query = pairs(req.query_string().as_bytes())?;
            let body = match kind.unwrap_or_default().split(';').next().unwrap_or_default().trim() {
                _ if body.is_empty() => Vec::new(),
                "application/json" => flat(&body)?,
                "" | "application/x-www-form-urlencoded" => pairs(&body)?,
                _ => return Err(unreadable()),
            };
            Ok(Self { query, body })
        })
    }
}

fn unreadable() -> AppError {
    AppError::BadRequest("The report could not be read. Nothing was saved.".into())
}

fn pairs(bytes: &[u8]) -> Result<Vec<(String, String)>, AppError> {
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable())?;
    let pairs: Vec<(String, String)> = serde_html_form::from_str(text).map_err(|_| unreadable())?;
    Ok(pairs.into_iter().map(|(name, value)| (name, value.replace('\0', ""))).collect())
}

fn flat(bytes: &[u8]) -> Result<Vec<(String, String)>, AppError> {
    let Ok(Value::Object(object)) = serde_json::from_slice(bytes) else { return Err(unreadable()) };
    let text = |value: Value| match value {
        Value::String(text) => text.replace('\0', ""),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Ok(object.into_iter().map(|(name, value)| (name, text(value))).collect())
}

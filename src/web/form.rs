//! What a person sent with a form, read only after its token was checked; and what is wrong with it.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::Multipart;
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use futures_util::StreamExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::limits::{self, TakesFiles};
use crate::error::AppError;

/// Bytes of a form without files.
const MAX_FORM: usize = 512 * 1024;
/// Bytes kept of one file: enough for every rule to say "too large" by itself.
const MAX_FILE: usize = 4 * 1024 * 1024;
/// Bytes read (and dropped) of a form whose file is too large, so that the page can be shown again.
const MAX_DRAINED: usize = 256 * 1024 * 1024;

/// A form of type `T`; the fields of `T` are `String`s (with `#[serde(default)]`), checked later by `parse`.
pub struct Form<T> {
    /// As typed.
    pub typed: T,
    /// Files that were chosen, by field.
    pub uploads: Vec<Upload>,
}

/// A chosen file.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The field's name.
    pub field: String,
    /// The first `MAX_FILE` bytes.
    pub bytes: Vec<u8>,
    /// Whether there were more.
    pub cut: bool,
}

impl<T> Form<T> {
    /// The file chosen in a field.
    pub fn upload(&self, field: &str) -> Option<&Upload> {
        self.uploads.iter().find(|upload| upload.field == field && !upload.bytes.is_empty())
    }
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let (text, uploads) = if is_multipart(&req) {
                multipart(&req, payload).await?
            } else {
                (urlencoded(payload).await?, Vec::new())
            };
            let Token { csrf } = read(&text)?;
            if !super::csrf::is_valid(&req, &csrf) {
                return Err(AppError::Forbidden(
                    "This form is too old or was not made for you. Open the page again and repeat what you did.",
                ));
            }
            Ok(Self { typed: read(&text)?, uploads })
        })
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, AppError> {
    serde_html_form::from_str(text).map_err(|_| {
        AppError::BadRequest("The form's fields could not be read. Open the page again and repeat what you did.".into())
    })
}

fn is_multipart(req: &HttpRequest) -> bool {
    req.headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"))
}

fn broken(_: impl std::fmt::Display) -> AppError {
    AppError::BadRequest(
        "The request ended too early, came too slowly or is damaged. Nothing was saved. Try again.".into(),
    )
}

async fn urlencoded(mut payload: Payload) -> Result<String, AppError> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(broken)?;
        if body.len() + chunk.len() > MAX_FORM {
            return Err(AppError::TooLarge("This form takes at most 512 KiB. Nothing was saved.".into()));
        }
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).map_err(broken)
}

async fn multipart(req: &HttpRequest, payload: Payload) -> Result<(String, Vec<Upload>), AppError> {
    // a file that is too large is read to its end where files are taken, so that the page can be shown again
    let most = if req.app_data::<TakesFiles>().is_some() { MAX_DRAINED } else { MAX_FORM };
    let mut parts = Multipart::new(req.headers(), payload);
    let (mut pairs, mut uploads, mut total, mut typed) = (Vec::new(), Vec::new(), 0, 0);
    while let Some(part) = limits::next(req, &mut parts).await.map_err(broken)? {
        let mut part = part.map_err(broken)?;
        let disposition = part.content_disposition().ok_or_else(|| broken("no name"))?;
        let field = disposition.get_name().unwrap_or_default().to_owned();
        let is_file = disposition.get_filename().is_some();
        let mut upload = Upload { field, bytes: Vec::new(), cut: false };
        while let Some(chunk) = limits::next(req, &mut part).await.map_err(broken)? {
            let chunk: web::Bytes = chunk.map_err(broken)?;
            total += chunk.len();
            typed += if is_file { 0 } else { chunk.len() };
            if total > most || typed > MAX_FORM {
                return Err(AppError::TooLarge("That is more than this form takes. Nothing was saved.".into()));
            }
            let room = MAX_FILE.saturating_sub(upload.bytes.len());
            upload.cut |= chunk.len() > room;
            upload.bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
        if is_file {
            uploads.push(upload);
        } else {
            pairs.push((upload.field, String::from_utf8(upload.bytes).map_err(broken)?));
        }
    }
    let text = serde_html_form::to_string(pairs).map_err(AppError::internal)?;
    Ok((text, uploads))
}

/// What is wrong with one field, as an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name; its control has the id `field-{name}`.
    pub field: String,
    /// "Enter a group name".
    pub message: String,
}

/// All that is wrong with a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Nothing wrong (yet).
    pub fn new() -> Self {
        Self::default()
    }

    /// One thing wrong.
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        let mut errors = Self::new();
        errors.add(field, message);
        errors
    }

    /// Notes an error at a field.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    /// Takes a parsed value, or notes its error at a field.
    pub fn take<T, M: Into<String>>(&mut self, field: &str, parsed: Result<T, M>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(message) => {
                self.add(field, message);
                None
            }
        }
    }

    /// The first error at a field.
    pub fn on(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All, in the order of the form.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.0.iter()
    }
}

/// Why a form was not saved.
#[derive(Debug)]
pub enum SaveError {
    /// The person can mend it.
    Rejected(FieldErrors),
    /// They cannot.
    Failed(AppError),
}

impl From<FieldErrors> for SaveError {
    fn from(errors: FieldErrors) -> Self {
        Self::Rejected(errors)
    }
}

impl From<AppError> for SaveError {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

impl From<diesel::result::Error> for SaveError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl SaveError {
    /// A broken constraint becomes its field's message; anything else stays what it is.
    /// `messages` pairs a constraint's name with a field and an instruction.
    pub fn from_constraint(error: diesel::result::Error, messages: &[(&str, &str, &str)]) -> Self {
        if let diesel::result::Error::DatabaseError(_, info) = &error
            && let Some((_, field, message)) = messages.iter().find(|(name, ..)| info.constraint_name() == Some(name))
        {
            return Self::Rejected(FieldErrors::one(field, *message));
        }
        error.into()
    }
}

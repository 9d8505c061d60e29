//! What a visitor can run into.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use crate::web::VisitorShell;

/// An answer that is not the page asked for.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// No such thing, or not yours to see.
    #[error("not found")]
    NotFound,
    /// The address is there, but not for this method.
    #[error("no such method")]
    WrongMethod,
    /// Signed in, but the role does not allow it.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// The request itself is broken; the sentence is shown.
    #[error("bad request: {0}")]
    BadRequest(String),
    /// More was sent than is taken.
    #[error("too large: {0}")]
    TooLarge(String),
    /// Tried too often; seconds until it may be tried again.
    #[error("too many requests")]
    TooManyRequests(i64),
    /// Our fault. The cause is in the log under this id.
    #[error("internal error {0}")]
    Internal(String),
}

impl AppError {
    /// Logs the cause once and keeps only the id under which it can be found.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let id = uuid::Uuid::new_v4().simple().to_string()[..12].to_owned();
        tracing::error!(error_id = id, %cause, "internal error");
        Self::Internal(id)
    }

    /// What happened, in a few words.
    pub fn title(&self) -> &'static str {
        match self {
            Self::NotFound => "Page not found",
            Self::WrongMethod => "No page at this address",
            Self::Forbidden(_) => "Not allowed",
            Self::BadRequest(_) => "The request could not be read",
            Self::TooLarge(_) => "Too large",
            Self::TooManyRequests(_) => "Too many tries",
            Self::Internal(_) => "Something went wrong",
        }
    }

    /// What happened, and what to do.
    pub fn text(&self) -> String {
        match self {
            Self::NotFound => {
                "There is nothing at this address. It may have been deleted, or the link is wrong.".into()
            }
            Self::WrongMethod => {
                "Only a form or a button leads here. Go back to its page, and use it from there.".into()
            }
            Self::Forbidden(what) => (*what).to_owned(),
            Self::BadRequest(what) | Self::TooLarge(what) => what.clone(),
            Self::TooManyRequests(seconds) => format!("Wait {} and try again.", minutes(*seconds)),
            Self::Internal(_) => {
                "Nothing was saved. Try again; if it happens again, tell your administrator the number below.".into()
            }
        }
    }
}

fn minutes(seconds: i64) -> String {
    match (seconds + 59) / 60 {
        0 | 1 => "a minute".into(),
        n => format!("{n} minutes"),
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    shell: VisitorShell,
    status: u16,
    title: &'static str,
    text: String,
    request_id: String,
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let page = ErrorPage {
            shell: VisitorShell::default(),
            status: self.status_code().as_u16(),
            title: self.title(),
            text: self.text(),
            request_id: match self {
                Self::Internal(id) => id.clone(),
                _ => String::new(),
            },
        };
        let mut response = HttpResponse::build(self.status_code());
        if let Self::TooManyRequests(seconds) = self {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response
            .content_type("text/html; charset=utf-8")
            .body(page.render().unwrap_or_else(|_| self.title().to_owned()))
    }
}

impl From<diesel::result::Error> for AppError {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::NotFound => Self::NotFound,
            other => Self::internal(other),
        }
    }
}

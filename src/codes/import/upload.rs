//! A file on its way to the database: never more of it in memory than a piece.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::{Field, Multipart};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Bytes};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use futures_util::StreamExt;
use uuid::Uuid;

use super::code_import::{PIECE, describe};
use super::decode::Decoder;
use crate::campaigns::differences::Confirmed;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{CampaignId, CodeImportId};
use crate::schema::{code_import, code_import_piece};
use crate::web::{FieldErrors, Form, SaveError, csrf, limits};

/// Bytes of a file.
const MOST: usize = 200 * 1024 * 1024;
/// Bytes read (and dropped) of a larger one, so that the page can be shown again.
const DRAINED: usize = 400 * 1024 * 1024;
/// Bytes of the form's token.
const TOKEN: usize = 1024;

/// A form with a token, then a file. Nothing is stored before the token was checked.
pub struct Incoming {
    request: HttpRequest,
    /// None: a form without a file, whose token was checked.
    parts: Option<Multipart>,
}

impl FromRequest for Incoming {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
            if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
                return Ok(Self { parts: Some(Multipart::new(request.headers(), payload)), request });
            }
            Form::<Confirmed>::from_request(&request, &mut payload).await?;
            Ok(Self { parts: None, request })
        })
    }
}

/// For which campaign, by whom, when.
#[derive(Clone, Copy)]
pub struct Ticket {
    pub campaign: CampaignId,
    pub by: Uuid,
    pub now: DateTime<Utc>,
}

fn broken(_: impl std::fmt::Display) -> AppError {
    AppError::BadRequest("The upload ended too early or is damaged. Nothing was imported. Try again.".into())
}

fn no_file() -> SaveError {
    FieldErrors::one("file", "Choose a CSV file").into()
}

impl Incoming {
    /// Stores the file; what is wrong with it stands at the field `file`.
    pub async fn receive(self, db: &Db, ticket: Ticket) -> Result<CodeImportId, SaveError> {
        let Some(mut parts) = self.parts else { return Err(no_file()) };
        let mut may_store = false;
        while let Some(part) = limits::next(&self.request, &mut parts).await.map_err(broken)? {
            let part = part.map_err(broken)?;
            let disposition = part.content_disposition().cloned().ok_or_else(|| broken("no name"))?;
            match (disposition.get_name(), disposition.get_filename()) {
                (Some("csrf"), None) => may_store = csrf::is_valid(&self.request, &short(&self.request, part).await?),
                (Some("file"), Some(name)) if may_store => return store(db, ticket, name, part).await,
                (Some("file"), Some(_)) => break,
                _ => drop(short(&self.request, part).await?),
            }
        }
        if may_store {
            return Err(no_file());
        }
        Err(AppError::Forbidden(
            "This form is too old or was not made for you. Open the page again and repeat what you did.",
        )
        .into())
    }
}

async fn short(req: &HttpRequest, mut part: Field) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = limits::next(req, &mut part).await.map_err(broken)? {
        let chunk = chunk.map_err(broken)?;
        if bytes.len() + chunk.len() > TOKEN {
            return Err(AppError::TooLarge("That is more than this form takes. Nothing was imported.".into()));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(broken)
}

async fn store(db: &Db, ticket: Ticket, name: &str, part: Field) -> Result<CodeImportId, SaveError> {
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let id = db.write(move |conn| -> Result<_, AppError> { Ok(begin(conn, ticket, &name)?) }).await?;
    let stored = Pieces { db, id, decoder: Decoder::new(), buffer: Vec::new(), start_at: 0 }.take(part).await;
    match stored {
        Ok(size) if size > 0 => {
            db.write(move |conn| -> Result<_, AppError> { Ok(describe(conn, id, size, ticket.now)?) }).await?;
            Ok(id)
        }
        other => {
            let gone = move |conn: &mut PgConnection| -> Result<_, AppError> {
                Ok(diesel::delete(code_import::table.find(id)).execute(conn)?)
            };
            db.write(gone).await?;
            Err(other.err().unwrap_or_else(no_file))
        }
    }
}

fn begin(conn: &mut PgConnection, ticket: Ticket, name: &str) -> QueryResult<CodeImportId> {
    diesel::insert_into(code_import::table)
        .values((
            code_import::campaign_id.eq(ticket.campaign),
            code_import::account_id.eq(ticket.by),
            code_import::file_name.eq(name),
            code_import::created_at.eq(ticket.now),
        ))
        .returning(code_import::id)
        .get_result(conn)
}

struct Pieces<'a> {
    db: &'a Db,
    id: CodeImportId,
    decoder: Decoder,
    buffer: Vec<u8>,
    start_at: i64,
}

impl Pieces<'_> {
    /// The bytes stored.
    async fn take(mut self, mut part: Field) -> Result<i64, SaveError> {
        let mut size = 0;
        while let Some(chunk) = part.next().await {
            let chunk: Bytes = chunk.map_err(broken)?;
            size += chunk.len();
            if size > DRAINED {
                return Err(AppError::TooLarge("The file is larger than 200 MiB. Nothing was imported.".into()).into());
            }
            if size <= MOST {
                self.decoder.push(&chunk, &mut self.buffer);
                while self.buffer.len() >= PIECE {
                    let rest = self.buffer.split_off(PIECE);
                    self.put(rest).await?;
                }
            }
        }
        if size > MOST {
            return Err(FieldErrors::one("file", "The file is larger than 200 MiB: cut it into several files").into());
        }
        self.decoder.end(&mut self.buffer);
        while !self.buffer.is_empty() {
            let rest = self.buffer.split_off(PIECE.min(self.buffer.len()));
            self.put(rest).await?;
        }
        Ok(self.start_at)
    }

    /// Stores the buffer and goes on with the rest.
    async fn put(&mut self, rest: Vec<u8>) -> Result<(), AppError> {
        let bytes = std::mem::replace(&mut self.buffer, rest);
        let (id, start_at) = (self.id, self.start_at);
        self.start_at += bytes.len() as i64;
        self.db
            .write(move |conn| -> Result<_, AppError> {
                let values = (
                    code_import_piece::import_id.eq(id),
                    code_import_piece::start_at.eq(start_at),
                    code_import_piece::bytes.eq(bytes),
                );
                Ok(diesel::insert_into(code_import_piece::table).values(values).execute(conn)?)
            })
            .await?;
        Ok(())
    }
}

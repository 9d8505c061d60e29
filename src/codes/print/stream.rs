//! The file while it is made: a thousand codes, their sheets, the next thousand. Whatever the number, memory is that of a few sheets.

use actix_web::web::{self, Bytes};
use futures_util::Stream;
use futures_util::stream;

use super::card::{Card, PileCode};
use super::job::Source;
use super::pdf::Printer;
use crate::db::Db;
use crate::error::AppError;

/// Cards at a time.
const CHUNK: i64 = 1_000;

/// Where it is.
enum At {
    /// Before the first code.
    Begin,
    /// The number of the next card, and the code before it.
    Next(i64, String),
    End,
    Done,
}

/// The bytes of the file.
pub fn pages(db: Db, printer: Printer) -> impl Stream<Item = Result<Bytes, AppError>> {
    stream::try_unfold((printer, At::Begin), move |(printer, at)| step(db.clone(), printer, at))
}

type Piece = Option<(Bytes, (Printer, At))>;

/// Goes on until there are bytes to send.
async fn step(db: Db, mut printer: Printer, mut at: At) -> Result<Piece, AppError> {
    loop {
        let (cards, next) = match at {
            At::Done => return Ok(None),
            At::End => {
                return web::block(move || {
                    let bytes = printer.end();
                    Ok(Some((bytes.into(), (printer, At::Done))))
                })
                .await
                .map_err(AppError::internal)?;
            }
            at => codes(&db, &printer, at).await?,
        };
        let printed = web::block(move || printer.print(&cards).map(|bytes| (bytes, printer))).await;
        let (bytes, same) = printed.map_err(AppError::internal)?.map_err(AppError::internal)?;
        if !bytes.is_empty() {
            return Ok(Some((bytes.into(), (same, next))));
        }
        (printer, at) = (same, next);
    }
}

/// The next cards, and where to go on.
async fn codes(db: &Db, printer: &Printer, at: At) -> Result<(Vec<Card>, At), AppError> {
    let job = printer.job();
    let (pile, first, last) = match &job.source {
        Source::Copies { code, count } => {
            let number = if let At::Next(number, _) = at { number } else { 1 };
            let end = (*count + 1).min(number + CHUNK);
            let cards = (number..end).map(|number| job.card(number, code.clone())).collect();
            return Ok((cards, if end > *count { At::End } else { At::Next(end, String::new()) }));
        }
        Source::Pile { pile, from, to, .. } => (*pile, *from, *to),
    };
    let (number, found) = db
        .read(move |conn| -> Result<_, AppError> {
            let (number, before) = match at {
                At::Next(number, before) => (number, before),
                _ => (first, PileCode::before(conn, pile, first)?),
            };
            let codes = PileCode::after(conn, pile, &before, CHUNK.min(last - number + 1))?;
            Ok((number, codes))
        })
        .await?;
    let end = number + i64::try_from(found.len()).unwrap_or(0);
    let next = match found.last() {
        Some(code) if end <= last => At::Next(end, code.text.clone()),
        _ => At::End,
    };
    let free = (number..).zip(found).filter(|(_, code)| code.is_free);
    Ok((free.map(|(number, code)| job.card(number, code.text)).collect(), next))
}

//! One round of work, one thing after the other: for tests and for who has one connection.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::post::Poster;
use super::target::Target;
use super::{coverage, due, fate, order};
use crate::sealed::Keys;

/// Puts what happened in order and sends what is due by now; true if there was something to do.
pub fn run_once(conn: &mut PgConnection, keys: &Keys, target: Target, now: DateTime<Utc>) -> QueryResult<bool> {
    let mut worked = coverage::tell(conn, now)? > 0;
    while order::order_next(conn, now)? > 0 {
        worked = true;
    }
    let poster = Poster::new(target, keys);
    for webhook in due::webhooks(conn, now)? {
        for errand in due::take(conn, webhook, now)? {
            let answer = poster.post(&errand, now);
            fate::store(conn, &errand, &answer, now)?;
            worked = true;
        }
    }
    Ok(worked)
}

//! What was counted of failed sign-ins becomes lines of the audit log, when its minute is over.

use chrono::{DateTime, Duration, DurationRound, Utc};
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Actor, Change, Subject};
use crate::schema::{account, failed_sign_in};

/// Lines of a minute, those with most tries; one more says how many others there were.
const LINES: usize = 10;

type Row = (DateTime<Utc>, String, String, String, i32);

/// Writes down the minutes that are over. Rows that another worker takes at the same time are gone for us.
pub fn fold(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    let minute = now.duration_trunc(Duration::minutes(1)).unwrap_or(now);
    if failed_sign_in::table.filter(failed_sign_in::minute.lt(minute)).count().get_result::<i64>(conn)? == 0 {
        return Ok(());
    }
    conn.transaction(|conn| {
        let over = failed_sign_in::table.filter(failed_sign_in::minute.lt(minute));
        let mut rows: Vec<Row> = diesel::delete(over).returning(failed_sign_in::all_columns).load(conn)?;
        rows.sort_by(|a, b| (a.0, b.4, &a.1, &a.3, &a.2).cmp(&(b.0, a.4, &b.1, &b.3, &b.2)));
        for minute in rows.chunk_by(|a, b| a.0 == b.0) {
            let (told, others) = minute.split_at(minute.len().min(LINES));
            told.iter().try_for_each(|row| tell(conn, row, now))?;
            tell_others(conn, others, now)?;
        }
        Ok(())
    })
}

fn tell(conn: &mut PgConnection, (minute, subject, why, address, tries): &Row, now: DateTime<Utc>) -> QueryResult<()> {
    let after = json!({ "why": why, "tries": tries, "minute": minute });
    let subject = subject_of(conn, subject)?;
    let change = Change { action: "sign-in failed", before: None, after: Some(after) };
    audit::append(conn, &Actor::program("Someone").from(address), now, &subject, &change)
}

fn subject_of(conn: &mut PgConnection, text: &str) -> QueryResult<Subject> {
    match text.split_once(' ') {
        Some(("account", key)) => {
            let id = Uuid::parse_str(key).unwrap_or_default();
            let row = account::table.find(id).select((account::name, account::email));
            let who: Option<(String, String)> = row.first(conn).optional()?;
            let name = who.map_or_else(|| "a dashboard user".to_owned(), |(name, email)| format!("{name} <{email}>"));
            Ok(Subject::new("sign_in", key, name))
        }
        // no name: it would outlive the member's account
        Some(("member", id)) => Ok(Subject::new("sign_in", id, format!("Member {id}"))),
        _ => Ok(Subject::new("sign_in", "", "an unknown address")),
    }
}

fn tell_others(conn: &mut PgConnection, others: &[Row], now: DateTime<Utc>) -> QueryResult<()> {
    let Some((minute, ..)) = others.first() else { return Ok(()) };
    let tries: i64 = others.iter().map(|row| i64::from(row.4)).sum();
    let mut addresses: Vec<&str> = others.iter().map(|row| row.3.as_str()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    let after = json!({ "tries": tries, "addresses": addresses.len(), "minute": minute });
    let change = Change { action: "sign-in failed", before: None, after: Some(after) };
    audit::append(conn, &Actor::program("Many"), now, &Subject::new("sign_in", "", "many others"), &change)
}

//! The statements of `many`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};
use serde::Serialize;

use super::form::Parsed;
use super::many::Wanted;
use crate::channels::MessageChannel;
use crate::db::Kept;
use crate::ids::MemberId;
use crate::schema::member;

/// Who has what a row says.
#[derive(QueryableByName)]
pub(super) struct Owners {
    #[diesel(sql_type = Nullable<BigInt>)]
    by_number: Option<MemberId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    by_external: Option<MemberId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    by_phone: Option<MemberId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    by_email: Option<MemberId>,
}

impl Owners {
    /// Whom the row is about: the first of number, external id, phone and e-mail that it has tells; none: someone new.
    pub fn target(&self, row: &Wanted) -> Result<Option<MemberId>, (&'static str, String)> {
        let parsed = &row.parsed;
        if row.number.is_some() && self.by_number.is_none() {
            return Err(("not_found", "No member has this number".into()));
        }
        let target = match (&row.number, &parsed.external_id, &parsed.member.phone) {
            (Some(_), ..) => self.by_number,
            (None, Some(_), _) => self.by_external.or(self.by_phone).or(self.by_email),
            (None, None, Some(_)) => self.by_phone,
            (None, None, None) => self.by_email,
        };
        for (owner, what) in
            [(self.by_external, "external id"), (self.by_phone, "phone number"), (self.by_email, "e-mail address")]
        {
            if owner.is_some() && owner != target {
                return Err(("member_conflict", format!("Another member has this {what}")));
            }
        }
        Ok(target)
    }
}

/// Of each row, in their order.
pub(super) fn owners(conn: &mut PgConnection, wanted: &[Wanted]) -> QueryResult<Vec<Owners>> {
    let columns = Columns::of(wanted.iter().map(|row| &row.parsed));
    let numbers: Vec<Option<i64>> = wanted.iter().map(|row| row.number).collect();
    Kept(
        sql_query(
            "SELECT by_number.id AS by_number, by_external.id AS by_external, by_phone.id AS by_phone, by_email.id AS by_email
             FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS wanted (number, external_id, phone, email, place)
             LEFT JOIN member AS by_number ON by_number.number = wanted.number
             LEFT JOIN member AS by_external ON by_external.external_id = wanted.external_id
             LEFT JOIN member AS by_phone ON by_phone.phone = wanted.phone
             LEFT JOIN member AS by_email ON by_email.email = wanted.email
             ORDER BY wanted.place",
        )
        .bind::<Array<Nullable<BigInt>>, _>(numbers)
        .bind::<Array<Nullable<Text>>, _>(columns.externals)
        .bind::<Array<Nullable<Text>>, _>(columns.phones)
        .bind::<Array<Nullable<Text>>, _>(columns.emails),
    )
    .load(conn)
}

/// A member as they were.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = member)]
pub(super) struct Old {
    #[serde(skip)]
    pub id: MemberId,
    #[diesel(select_expression = member::number.assume_not_null())]
    pub number: i64,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    time_zone: Option<String>,
    external_id: Option<String>,
    sms_consent: bool,
    email_consent: bool,
    push_consent: bool,
}

impl Old {
    /// Whether they are so already.
    pub fn is(&self, parsed: &Parsed) -> bool {
        let new = &parsed.member;
        self.name == new.name
            && self.phone.as_deref() == new.phone.as_ref().map(|phone| phone.as_str())
            && self.email.as_deref() == new.email.as_ref().map(|email| email.as_str())
            && self.time_zone.as_deref() == new.time_zone.map(|zone| zone.name())
            && parsed.external_id.as_ref().is_none_or(|external| self.external_id.as_ref() == Some(external))
            && parsed.consents.iter().all(|(channel, granted)| self.consents_to(*channel) == *granted)
    }

    fn consents_to(&self, channel: MessageChannel) -> bool {
        match channel {
            MessageChannel::Sms => self.sms_consent,
            MessageChannel::Email => self.email_consent,
            MessageChannel::Push => self.push_consent,
        }
    }
}

/// These members, and nobody else changes them until the transaction ends.
pub(super) fn locked(conn: &mut PgConnection, ids: &[MemberId]) -> QueryResult<HashMap<MemberId, Old>> {
    let rows: Vec<Old> = member::table
        .filter(member::id.eq_any(ids))
        .order(member::id)
        .select(Old::as_select())
        .for_no_key_update()
        .load(conn)?;
    Ok(rows.into_iter().map(|old| (old.id, old)).collect())
}

/// Rows as columns, for one statement.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    phones: Vec<Option<String>>,
    emails: Vec<Option<String>>,
    zones: Vec<Option<&'static str>>,
    externals: Vec<Option<String>>,
    consents: [Vec<Option<bool>>; 3],
}

impl Columns {
    fn of<'a>(rows: impl Iterator<Item = &'a Parsed>) -> Self {
        let mut columns = Self::default();
        for row in rows {
            columns.names.push(row.member.name.clone());
            columns.phones.push(row.member.phone.as_ref().map(ToString::to_string));
            columns.emails.push(row.member.email.as_ref().map(ToString::to_string));
            columns.zones.push(row.member.time_zone.map(|zone| zone.name()));
            columns.externals.push(row.external_id.clone());
            for (place, channel) in MessageChannel::ALL.into_iter().enumerate() {
                let given = row.consents.iter().find(|(of, _)| *of == channel).map(|(_, granted)| *granted);
                columns.consents[place].push(given);
            }
        }
        columns
    }
}

const WANTED: &str = "unnest($2, $3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY
  AS wanted (name, phone, email, time_zone, external_id, sms, mail, push, place)";

macro_rules! bound {
    ($text:expr, $first_type:ty, $first:expr, $columns:expr) => {{
        let [sms, mail, push] = $columns.consents;
        sql_query($text)
            .bind::<$first_type, _>($first)
            .bind::<Array<Text>, _>($columns.names)
            .bind::<Array<Nullable<Text>>, _>($columns.phones)
            .bind::<Array<Nullable<Text>>, _>($columns.emails)
            .bind::<Array<Nullable<Text>>, _>($columns.zones)
            .bind::<Array<Nullable<Text>>, _>($columns.externals)
            .bind::<Array<Nullable<Bool>>, _>(sms)
            .bind::<Array<Nullable<Bool>>, _>(mail)
            .bind::<Array<Nullable<Bool>>, _>(push)
    }};
}

/// Makes known members what is wanted.
pub(super) fn update(conn: &mut PgConnection, changed: &[(MemberId, &Parsed)]) -> QueryResult<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let columns = Columns::of(changed.iter().map(|(_, parsed)| *parsed));
    let ids: Vec<MemberId> = changed.iter().map(|(id, _)| *id).collect();
    let text = "UPDATE member SET name = wanted.name, phone = wanted.phone, email = wanted.email,
           time_zone = wanted.time_zone, external_id = coalesce(wanted.external_id, member.external_id),
           sms_consent = coalesce(sms, sms_consent), email_consent = coalesce(mail, email_consent),
           push_consent = coalesce(push, push_consent)
         FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
           AS wanted (id, name, phone, email, time_zone, external_id, sms, mail, push)
         WHERE member.id = wanted.id";
    bound!(text, Array<BigInt>, ids, columns).execute(conn).map(|_| ())
}

#[derive(QueryableByName)]
struct NewRow {
    #[diesel(sql_type = BigInt)]
    id: MemberId,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Nullable<Text>)]
    phone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    email: Option<String>,
}

/// Adds members; their keys and numbers, in the order given. All who do so go by the same order, so that none waits for
/// another in a circle.
pub(super) fn insert(
    conn: &mut PgConnection,
    fresh: &[&Parsed],
    now: DateTime<Utc>,
) -> QueryResult<Vec<(MemberId, i64)>> {
    if fresh.is_empty() {
        return Ok(Vec::new());
    }
    let columns = Columns::of(fresh.iter().copied());
    let keys: Vec<_> = columns.phones.iter().cloned().zip(columns.emails.iter().cloned()).collect();
    let text = format!(
        "INSERT INTO member (name, phone, email, time_zone, external_id, sms_consent, email_consent, push_consent, created_at)
           SELECT name, phone, email, time_zone, external_id, coalesce(sms, false), coalesce(mail, false),
             coalesce(push, false), $1 FROM {WANTED} ORDER BY email, phone
         RETURNING id, number, phone, email"
    );
    let rows: Vec<NewRow> = bound!(text, Timestamptz, now, columns).load(conn)?;
    let mut made: HashMap<_, _> = rows.into_iter().map(|row| ((row.phone, row.email), (row.id, row.number))).collect();
    let made: Vec<_> = keys.iter().filter_map(|key| made.remove(key)).collect();
    let ids: Vec<MemberId> = made.iter().map(|(id, _)| *id).collect();
    let given = fresh.iter().zip(ids).flat_map(|(parsed, id)| {
        parsed.consents.iter().filter(|(_, granted)| *granted).map(move |(channel, _)| (id, *channel, true))
    });
    store_consents(conn, &given.collect::<Vec<_>>(), now)?;
    Ok(made)
}

/// Notes what changed of known members' consents.
pub(super) fn record_consents(
    conn: &mut PgConnection,
    before: &[Old],
    changed: &[(MemberId, &Parsed)],
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let differ = before.iter().zip(changed).flat_map(|(old, (id, parsed))| {
        let differ = parsed.consents.iter().filter(|(channel, granted)| old.consents_to(*channel) != *granted);
        differ.map(|(channel, granted)| (*id, *channel, *granted))
    });
    store_consents(conn, &differ.collect::<Vec<_>>(), now)
}

fn store_consents(
    conn: &mut PgConnection,
    rows: &[(MemberId, MessageChannel, bool)],
    now: DateTime<Utc>,
) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    sql_query(
        "INSERT INTO member_consent (member_id, channel, at, granted, source)
           SELECT member_id, channel, $4, granted, 'api' FROM unnest($1, $2, $3) AS given (member_id, channel, granted)
         ON CONFLICT (member_id, channel, at) DO UPDATE SET granted = excluded.granted, source = excluded.source",
    )
    .bind::<Array<BigInt>, _>(rows.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|(_, channel, _)| channel.key()).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(rows.iter().map(|(.., granted)| *granted).collect::<Vec<_>>())
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .map(|_| ())
}

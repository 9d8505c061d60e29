//! Changing the key: all that is stored is opened with the key it was sealed with, and sealed with the first one. In
//! chunks, each a transaction of its own; what broke off goes on where it was, and a running server is not disturbed: a
//! secret that it stores meanwhile is never overwritten.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::columns::{COLUMNS, SealedColumn};
use super::keys::Keys;

/// Rows of one transaction.
const CHUNK: i64 = 200;

/// What became of a column, or of a part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Sealed anew.
    pub done: usize,
    /// None of the keys opens them: left as they are.
    pub unreadable: usize,
    /// Stored anew by a running server meanwhile: left as they are.
    pub changed: usize,
}

/// How many secrets of a column are sealed with one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The column.
    pub column: SealedColumn,
    /// The key's id, eight hexadecimal digits.
    pub key: String,
    /// The key's place among the configured ones, from 0; none: it is not configured.
    pub place: Option<usize>,
    /// How many.
    pub count: i64,
}

#[derive(QueryableByName)]
struct SecretRow {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    purpose: String,
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Nullable<Binary>)]
    id: Option<Vec<u8>>,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// All columns.
pub fn all(conn: &mut PgConnection, keys: &Keys) -> QueryResult<Resealed> {
    let mut sum = Resealed::default();
    for column in COLUMNS {
        let mut after = String::new();
        while let Some((last, part)) = conn.transaction(|conn| chunk(conn, keys, column, &after))? {
            sum.done += part.done;
            sum.unreadable += part.unreadable;
            sum.changed += part.changed;
            after = last;
        }
    }
    Ok(sum)
}

/// The next rows of a column after this key that another than the first key has sealed: the last one's key, and what
/// became of them; none: there are no more.
pub fn chunk(
    conn: &mut PgConnection,
    keys: &Keys,
    of: SealedColumn,
    after: &str,
) -> QueryResult<Option<(String, Resealed)>> {
    let SealedColumn { table, key, column, purpose } = of;
    let first = keys.ids().next().unwrap_or_default();
    let rows: Vec<SecretRow> = sql_query(format!(
        "SELECT {key}::text AS key, {purpose} AS purpose, {column} AS sealed FROM {table}
         WHERE {column} IS NOT NULL AND substring({column} FROM 2 FOR 4) <> $1 AND {key}::text COLLATE \"C\" > $2
         ORDER BY {key}::text COLLATE \"C\" LIMIT $3"
    ))
    .bind::<Binary, _>(first.to_vec())
    .bind::<Text, _>(after)
    .bind::<BigInt, _>(CHUNK)
    .load(conn)?;
    let Some(last) = rows.last().map(|row| row.key.clone()) else { return Ok(None) };
    let mut part = Resealed::default();
    for row in rows {
        let opened = keys.open(&row.purpose, &row.sealed);
        let Ok(sealed) = opened.and_then(|plain| keys.seal(&row.purpose, &plain)) else {
            part.unreadable += 1;
            continue;
        };
        let stored = sql_query(format!("UPDATE {table} SET {column} = $1 WHERE {key}::text = $2 AND {column} = $3"))
            .bind::<Binary, _>(sealed)
            .bind::<Text, _>(&row.key)
            .bind::<Binary, _>(row.sealed)
            .execute(conn)?;
        part.done += stored;
        part.changed += 1 - stored.min(1);
    }
    Ok(Some((last, part)))
}

/// How many secrets each key has sealed, column by column.
pub fn count(conn: &mut PgConnection, keys: &Keys) -> QueryResult<Vec<Sealed>> {
    let mut all = Vec::new();
    for of in COLUMNS {
        let SealedColumn { table, column, .. } = of;
        let rows: Vec<CountRow> = sql_query(format!(
            "SELECT substring({column} FROM 2 FOR 4) AS id, count(*) AS count FROM {table} WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1"
        ))
        .load(conn)?;
        all.extend(rows.into_iter().map(|row| {
            let id = row.id.unwrap_or_default();
            let place = keys.ids().position(|known| known[..] == id[..]);
            let key = id.iter().map(|byte| format!("{byte:02x}")).collect();
            Sealed { column: of, key, place, count: row.count }
        }));
    }
    Ok(all)
}

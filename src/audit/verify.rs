//! Whether the log is as it was written.

use diesel::sql_types::{BigInt, Binary};
use diesel::{OptionalExtension, PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query};

/// The chain's last link. Whoever notes it elsewhere can tell later that nothing before it was rewritten, not even by
/// someone who wrote the whole chain anew.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Head {
    /// Number of the last entry; 0: there is none.
    #[diesel(sql_type = BigInt)]
    pub last_id: i64,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
}

impl Head {
    /// The link, 64 hexadecimal digits.
    pub fn hash(&self) -> String {
        hex(&self.hash)
    }
}

/// The chain's last link now.
pub fn head(conn: &mut PgConnection) -> QueryResult<Head> {
    sql_query("SELECT last_id, hash FROM audit_head").get_result(conn)
}

#[derive(QueryableByName)]
struct BrokenRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Recomputes the chain: the first entry that does not fit the one before, if there is one.
/// An entry that was cut off the end shows as `last_id + 1`.
pub fn first_broken_entry(conn: &mut PgConnection) -> QueryResult<Option<i64>> {
    let row: Option<BrokenRow> = sql_query(
        "WITH linked AS (
           SELECT entry.*, lag(hash, 1, sha256('muster')) OVER (ORDER BY id) AS previous,
                  row_number() OVER (ORDER BY id) AS place
           FROM audit_entry AS entry)
         SELECT id FROM (
           SELECT least(id, place) AS id FROM linked
           WHERE id <> place OR hash <> audit_hash(previous, id, at, account_id, actor, action,
                                                   subject_kind, subject_id, subject_name, before, after, address)
           UNION ALL
           SELECT least(head.last_id, coalesce(last.id, 0)) + 1 FROM audit_head AS head
             LEFT JOIN LATERAL (SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1) AS last ON true
           WHERE head.last_id <> coalesce(last.id, 0)
           UNION ALL
           SELECT last.id FROM audit_head AS head
             JOIN LATERAL (SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1) AS last ON true
           WHERE head.last_id = last.id AND head.hash <> last.hash) AS broken
         ORDER BY id LIMIT 1",
    )
    .get_result(conn)
    .optional()?;
    Ok(row.map(|row| row.id))
}

/// The link of one entry, 64 hexadecimal digits; none: there is no such entry.
pub fn link(conn: &mut PgConnection, id: i64) -> QueryResult<Option<String>> {
    use crate::schema::audit_entry;
    use diesel::prelude::*;
    let hash: Option<Vec<u8>> = audit_entry::table.find(id).select(audit_entry::hash).first(conn).optional()?;
    Ok(hash.map(|hash| hex(&hash)))
}

/// Two digits a byte.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

//! Where links in messages lead: known to servers by their flags, to workers through the database.

use diesel::prelude::*;

use crate::schema::setting;

/// Tells all workers, when a server starts.
pub fn store(conn: &mut PgConnection, url: &str) -> QueryResult<()> {
    diesel::update(setting::table.filter(setting::public_url.ne(url)))
        .set(setting::public_url.eq(url))
        .execute(conn)
        .map(|_| ())
}

//! Before it is published: a test to oneself, a dry run over all.

mod dry_run;
mod review;
mod test_send;

use diesel::prelude::*;

use crate::support::TestApp;

/// Changes what the makers do not know of.
pub fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

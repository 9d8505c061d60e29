//! `schema.rs` is written by hand, so it is compared with the database.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::support::TestApp;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    line: String,
}

#[test]
fn schema_rs_is_the_database() {
    let app = TestApp::start();
    let found: Vec<Column> = diesel::sql_query(
        "SELECT table_name || '.' || column_name || ' ' || CASE is_nullable WHEN 'YES' THEN 'Nullable<' ELSE '' END
           || CASE udt_name WHEN 'text' THEN 'Text' WHEN 'int8' THEN 'Int8' WHEN 'int4' THEN 'Int4' WHEN 'int2' THEN 'Int2'
              WHEN 'bool' THEN 'Bool' WHEN 'uuid' THEN 'Uuid' WHEN 'jsonb' THEN 'Jsonb' WHEN 'bytea' THEN 'Bytea'
              WHEN 'timestamptz' THEN 'Timestamptz' WHEN 'time' THEN 'Time' WHEN '_text' THEN 'Array<Text>' ELSE udt_name END
           || CASE is_nullable WHEN 'YES' THEN '>' ELSE '' END AS line
         FROM information_schema.columns
         WHERE table_schema = 'public'",
    )
    .load(&mut app.conn())
    .unwrap();
    let found: BTreeSet<String> = found.into_iter().map(|column| column.line).collect();
    let mut table = String::new();
    let mut missing = Vec::new();
    for line in include_str!("../../src/schema.rs").lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (") {
            table = name.to_owned();
        } else if let Some((column, kind)) = line.trim_end_matches(',').split_once(" -> ") {
            let line = format!("{table}.{column} {kind}");
            if !found.contains(&line) {
                missing.push(line);
            }
        }
    }
    assert!(missing.is_empty(), "schema.rs has what the database has not: {missing:#?}");
}

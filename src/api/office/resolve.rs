//! Many named members at once.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text};

use super::member_ref::MemberRef;
use crate::db::Kept;
use crate::ids::MemberId;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<BigInt>)]
    id: Option<MemberId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
}

/// Key and number of each, in their order; none: there is nobody.
pub fn all<'a>(
    conn: &mut PgConnection,
    refs: impl Iterator<Item = &'a MemberRef>,
) -> QueryResult<Vec<Option<(MemberId, i64)>>> {
    let (mut numbers, mut externals, mut phones, mut emails) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for named in refs {
        let mut cells = (None, None, None, None);
        match named {
            MemberRef::Number(number) => cells.0 = Some(*number),
            MemberRef::External(external) => cells.1 = Some(external.clone()),
            MemberRef::Phone(phone) => cells.2 = Some(phone.to_string()),
            MemberRef::Email(email) => cells.3 = Some(email.to_string()),
        }
        numbers.push(cells.0);
        externals.push(cells.1);
        phones.push(cells.2);
        emails.push(cells.3);
    }
    let rows: Vec<Row> = Kept(
        sql_query(
            "SELECT found.id, found.number
             FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS wanted (number, external_id, phone, email, place)
             LEFT JOIN LATERAL (
               SELECT id, number FROM member WHERE member.number = wanted.number
               UNION ALL SELECT id, number FROM member WHERE member.external_id = wanted.external_id
               UNION ALL SELECT id, number FROM member WHERE member.phone = wanted.phone
               UNION ALL SELECT id, number FROM member WHERE member.email = wanted.email) AS found ON true
             ORDER BY wanted.place",
        )
        .bind::<Array<Nullable<BigInt>>, _>(numbers)
        .bind::<Array<Nullable<Text>>, _>(externals)
        .bind::<Array<Nullable<Text>>, _>(phones)
        .bind::<Array<Nullable<Text>>, _>(emails),
    )
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id.zip(row.number)).collect())
}

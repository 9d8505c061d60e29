//! Who is in a group, now or at a past moment, page by page.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz};

use super::search::Searched;
use crate::ids::{GroupId, MemberId};
use crate::members::contact::Contact;
use crate::members::member::{number_text, support_path};
use crate::members::{Guarded, Sight};
use crate::memberships::Source;
use crate::web::{Keyset, Shell};

/// Rows of a page.
pub const PAGE: usize = 50;

/// A member of a group, with how they came.
#[derive(Debug, QueryableByName)]
pub struct GroupMember {
    #[diesel(sql_type = BigInt)]
    pub id: MemberId,
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<Guarded>,
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<Guarded>,
    #[diesel(sql_type = Timestamptz)]
    pub joined_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Jsonb)]
    source_detail: serde_json::Value,
}

impl GroupMember {
    /// The member number: ten digits.
    pub fn number(&self) -> String {
        number_text(self.number)
    }

    /// Where staff see all about the member.
    pub fn path(&self) -> String {
        support_path(self.id)
    }

    /// How they came, in words.
    pub fn how(&self) -> String {
        Source::words(&self.source, &self.source_detail)
    }
}

/// Which members of which group.
#[derive(Debug, Clone)]
pub struct Roll {
    /// The group.
    pub group: GroupId,
    /// The past moment; none: now.
    pub at: Option<DateTime<Utc>>,
    /// Name, phone, e-mail or number.
    pub searched: Option<Searched>,
    /// Who cannot see phone numbers and e-mail addresses finds only whole ones.
    pub sight: Sight,
    /// The whole phone number or e-mail address that was typed.
    pub contact: Option<String>,
}

/// Where a page of members begins; keys are members'.
#[derive(Debug, Clone, Copy)]
pub enum Edge {
    /// After this key.
    After(i64),
    /// Before this key, backwards.
    Before(i64),
}

impl Edge {
    /// From an address; what is no key begins at the first page.
    pub fn of(keyset: &Keyset) -> Self {
        match keyset.key().and_then(|key| key.parse().ok()) {
            Some(key) if keyset.is_backwards() => Self::Before(key),
            Some(key) => Self::After(key),
            None => Self::After(0),
        }
    }
}

/// Open stays; for a past moment those that were open then, and still are or have been closed since.
const OPEN: &str = "stay.left_at IS NULL";
const STILL_OPEN: &str = "stay.left_at IS NULL AND stay.joined_at <= $4";
const CLOSED_SINCE: &str = "stay.left_at > $4 AND stay.joined_at <= $4";

impl Roll {
    /// Those whom this viewer looks for.
    pub fn new(group: GroupId, at: Option<DateTime<Utc>>, typed: &str, shell: &Shell) -> Self {
        let contact = Contact::parse(typed, &shell.organisation.phone_region).ok();
        let contact = contact.map(|contact| contact.as_str().to_owned());
        Self { group, at, searched: Searched::parse(typed), sight: shell.sight(), contact }
    }

    /// At most `limit` members, in the order of their keys.
    pub fn page(&self, conn: &mut PgConnection, edge: Edge, limit: usize) -> QueryResult<Vec<GroupMember>> {
        let (side, key, order) = match edge {
            Edge::After(key) => (">", key, "ASC"),
            Edge::Before(key) => ("<", key, "DESC"),
        };
        // the key bounds both tables: a merge of the two would otherwise read all members up to it
        let part = |stays: &str| {
            format!(
                "(SELECT member.id, member.number, member.name, member.phone, member.email,
                         stay.joined_at, stay.source, stay.source_detail
                  FROM membership AS stay JOIN member ON member.id = stay.member_id
                  WHERE stay.group_id = $1 AND {stays} AND stay.member_id {side} $2 AND member.id {side} $2 {}
                  ORDER BY stay.member_id {order} LIMIT $3)",
                self.like()
            )
        };
        let parts: Vec<String> = self.parts().iter().map(|stays| part(stays)).collect();
        let query = format!("SELECT * FROM ({}) AS found ORDER BY id {order} LIMIT $3", parts.join(" UNION ALL "));
        self.bound(query, key, i64::try_from(limit).unwrap_or(i64::MAX)).load(conn)
    }

    /// How many there are. Without a search a sum and what changed since, whatever the group's size.
    pub fn count(&self, conn: &mut PgConnection) -> QueryResult<i64> {
        let query = match (&self.searched, self.at) {
            (None, None) => return super::group::member_count(conn, self.group),
            (None, Some(_)) => "SELECT (coalesce((SELECT sum(change) FROM member_group_count WHERE group_id = $1), 0)
                       - (SELECT count(*) FROM membership WHERE group_id = $1 AND joined_at > $4)
                       + (SELECT count(*) FROM membership WHERE group_id = $1 AND left_at > $4))::bigint AS members"
                .to_owned(),
            (Some(_), _) => {
                let part = |stays: &&str| {
                    format!(
                        "SELECT member.id FROM membership AS stay JOIN member ON member.id = stay.member_id
                         WHERE stay.group_id = $1 AND {stays} AND stay.member_id > $2 {}",
                        self.like()
                    )
                };
                let parts: Vec<String> = self.parts().iter().map(part).collect();
                format!("SELECT count(*) AS members FROM ({}) AS found", parts.join(" UNION ALL "))
            }
        };
        let row: CountRow = self.bound(query, i64::MIN, 0).get_result(conn)?;
        Ok(row.members)
    }

    fn parts(&self) -> &'static [&'static str] {
        if self.at.is_some() { &[STILL_OPEN, CLOSED_SINCE] } else { &[OPEN] }
    }

    fn like(&self) -> &'static str {
        match (&self.searched, self.sight) {
            (None, _) => "",
            (Some(_), Sight::Full) => {
                "AND (member.search LIKE fold($5) OR member.search LIKE $6 OR member.number = $7)"
            }
            (Some(_), Sight::Masked) => {
                "AND (fold(member.name) LIKE fold($5) OR member.phone = $6 OR member.email = $6 OR member.number = $7)"
            }
        }
    }

    fn bound(&self, query: String, key: i64, limit: i64) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        let at = self.at.unwrap_or_default();
        let query = sql_query(query)
            .into_boxed()
            .bind::<BigInt, _>(self.group)
            .bind::<BigInt, _>(key)
            .bind::<BigInt, _>(limit)
            .bind::<Timestamptz, _>(at);
        match &self.searched {
            None => query,
            Some(searched) => query
                .bind::<Text, _>(searched.anywhere())
                .bind::<Text, _>(match self.sight {
                    Sight::Full => searched.phone().unwrap_or_else(|| searched.anywhere()),
                    Sight::Masked => self.contact.clone().unwrap_or_default(),
                })
                .bind::<Nullable<BigInt>, _>(searched.number()),
        }
    }
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    members: i64,
}

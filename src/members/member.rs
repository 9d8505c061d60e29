//! A member, about to be and stored.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};
use serde::Deserialize;

use super::email::Email;
use super::guarded::Guarded;
use super::phone::Phone;
use crate::channels::MessageChannel;
use crate::db::Kept;
use crate::ids::MemberId;
use crate::schema::member;
use crate::settings::DateLanguage;

/// A customer of the programme.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Deserialize)]
pub struct Member {
    /// Key.
    pub id: MemberId,
    /// What members and tills call them by.
    pub number: i64,
    /// As they are called.
    pub name: String,
    /// E.164.
    pub phone: Option<Guarded>,
    /// Lower case.
    pub email: Option<Guarded>,
    /// Whether messages may be sent to the phone.
    pub sms_consent: bool,
    /// Whether messages may be sent by e-mail.
    pub email_consent: bool,
    /// Whether the app may show messages.
    pub push_consent: bool,
    /// Since when they may use nothing.
    pub blocked_at: Option<DateTime<Utc>>,
    /// Why, for staff.
    pub blocked_reason: Option<String>,
    /// Since when they are a member.
    pub created_at: DateTime<Utc>,
    /// When the app was last open.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Their own zone, where it is known.
    pub time_zone: Option<String>,
    /// What another system calls them.
    pub external_id: Option<String>,
    /// In which language their messages write dates, where it is known.
    pub date_language: Option<String>,
}

type Columns = (
    BigInt,
    BigInt,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Bool,
    Bool,
    Bool,
    Nullable<Timestamptz>,
    Nullable<Text>,
    Timestamptz,
    Nullable<Timestamptz>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
);

impl Member {
    /// The member with this key.
    pub fn find(conn: &mut PgConnection, id: MemberId) -> QueryResult<Self> {
        sql::<Columns>(
            "SELECT id, number, name, phone, email, sms_consent, email_consent, push_consent, blocked_at, blocked_reason,
                    created_at, last_seen_at, time_zone, external_id, date_language FROM member WHERE id = ",
        )
        .bind::<BigInt, _>(id)
        .get_result(conn)
    }

    /// Whether messages may be sent by this channel.
    pub fn consents_to(&self, channel: MessageChannel) -> bool {
        match channel {
            MessageChannel::Sms => self.sms_consent,
            MessageChannel::Email => self.email_consent,
            MessageChannel::Push => self.push_consent,
        }
    }

    /// Where staff see all about them.
    pub fn path(&self) -> String {
        support_path(self.id)
    }

    /// Ten digits.
    pub fn number_text(&self) -> String {
        number_text(self.number)
    }
}

/// The page of a member in User support.
pub fn support_path(id: MemberId) -> String {
    format!("/user-support/{id}")
}

/// A member number as it is printed: ten digits.
pub fn number_text(number: i64) -> String {
    format!("{number:010}")
}

/// A member about to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// As they are called.
    pub name: String,
    /// Phone or e-mail must be there.
    pub phone: Option<Phone>,
    /// Phone or e-mail must be there.
    pub email: Option<Email>,
    /// Their own zone; none: the organisation's.
    pub time_zone: Option<Tz>,
    /// In which language their messages write dates; none: it stays as it is; none in it: the organisation's.
    pub date_language: Option<Option<DateLanguage>>,
}

impl NewMember {
    /// Stores it, with no consents. The constraints `member_phone_key` and `member_email_key` refuse a second
    /// member with the same phone or e-mail.
    pub fn insert(&self, conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<MemberId> {
        diesel::insert_into(member::table)
            .values((
                member::name.eq(&self.name),
                member::phone.eq(self.phone.as_ref().map(Phone::as_str)),
                member::email.eq(self.email.as_ref().map(Email::as_str)),
                member::time_zone.eq(self.time_zone.map(|zone| zone.name())),
                member::date_language.eq(self.date_language.flatten().map(DateLanguage::key)),
                member::created_at.eq(now),
            ))
            .returning(member::id)
            .get_result::<i64>(conn)
            .map(MemberId)
    }

    /// Takes the place of what is stored.
    pub fn update(&self, conn: &mut PgConnection, id: MemberId) -> QueryResult<()> {
        diesel::update(member::table.find(id))
            .set((
                member::name.eq(&self.name),
                member::phone.eq(self.phone.as_ref().map(Phone::as_str)),
                member::email.eq(self.email.as_ref().map(Email::as_str)),
                member::time_zone.eq(self.time_zone.map(|zone| zone.name())),
                self.date_language.map(|language| member::date_language.eq(language.map(DateLanguage::key))),
            ))
            .execute(conn)
            .map(|_| ())
    }
}

/// Notes what another system calls a member.
pub fn set_external_id(conn: &mut PgConnection, id: MemberId, external: &str) -> QueryResult<()> {
    diesel::update(member::table.find(id)).set(member::external_id.eq(external)).execute(conn).map(|_| ())
}

/// A line of a list of members.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct MemberRow {
    /// Key.
    #[diesel(sql_type = BigInt)]
    pub id: MemberId,
    /// Member number.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    /// As they are called.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// E.164.
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<Guarded>,
    /// Lower case.
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<Guarded>,
    /// Since when they are a member.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// Whether they are blocked.
    #[diesel(sql_type = Bool)]
    pub blocked: bool,
    /// How many groups they are in now.
    #[diesel(sql_type = BigInt)]
    pub groups: i64,
}

/// The columns of a `MemberRow`, of a table or alias `member`.
pub const ROW_COLUMNS: &str = "member.id, member.number, member.name, member.phone, member.email, member.created_at,
    member.blocked_at IS NOT NULL AS blocked,
    (SELECT count(*) FROM membership WHERE membership.member_id = member.id AND left_at IS NULL) AS groups";

impl MemberRow {
    /// These members, in no order.
    pub fn of(conn: &mut PgConnection, ids: &[MemberId]) -> QueryResult<Vec<Self>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let query = diesel::sql_query(format!("SELECT {ROW_COLUMNS} FROM member WHERE id = ANY($1) ORDER BY id"));
        Kept(query.bind::<diesel::sql_types::Array<BigInt>, _>(ids)).load(conn)
    }

    /// Where staff see all about them.
    pub fn path(&self) -> String {
        support_path(self.id)
    }

    /// Ten digits.
    pub fn number_text(&self) -> String {
        number_text(self.number)
    }
}

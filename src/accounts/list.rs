//! The list of dashboard users: one query a page.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::account::{Account, Role};
use crate::groups::search::Searched;
use crate::schema::account;
use crate::settings::Organisation;
use crate::web::Keyset;

/// Rows of a page.
pub const PAGE: usize = 50;

/// Which dashboard users to list.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// Part of the name or e-mail.
    pub text: Option<Searched>,
    /// One role.
    pub role: Option<Role>,
    /// Those who are disabled, or those who are not.
    pub disabled: Option<bool>,
}

/// A line of the list, ready to be shown.
#[derive(Debug)]
pub struct Line {
    pub key: String,
    pub path: String,
    pub name: String,
    pub email: String,
    pub role: &'static str,
    /// Whether members' phone numbers and e-mail addresses are masked for them.
    pub masked: bool,
    /// "App", "Passkey", both, or nothing.
    pub factor: &'static str,
    /// Whether one is required and missing.
    pub lacks_factor: bool,
    /// None: never.
    pub last_sign_in: Option<(DateTime<Utc>, String)>,
    pub disabled: bool,
    /// The one who looks at the list.
    pub is_me: bool,
}

/// By name, then by key: two people may have the same name.
const KEY: &str = "lower(account.name) || ' ' || account.id::text";

const HAS_PASSKEY: &str = "EXISTS (SELECT FROM passkey WHERE account_id = account.id)";

/// A row: its key in the list, and whether it has a passkey.
pub type Found = (Account, String, bool);

impl Filters {
    /// How many there are.
    pub fn count(&self, conn: &mut PgConnection) -> QueryResult<i64> {
        self.filtered().count().get_result(conn)
    }

    /// One more than a page of them, in the keyset's direction.
    pub fn accounts(&self, conn: &mut PgConnection, keyset: &Keyset) -> QueryResult<Vec<Found>> {
        let backwards = keyset.is_backwards();
        let mut query = self.filtered().select((Account::as_select(), sql::<Text>(KEY), sql::<Bool>(HAS_PASSKEY)));
        if let Some(key) = keyset.key() {
            let side = if backwards { "<" } else { ">" };
            query = query.filter(sql::<Bool>(&format!("{KEY} {side} ")).bind::<Text, _>(key.to_owned()));
        }
        let order = sql::<Text>(&if backwards { format!("{KEY} DESC") } else { KEY.to_owned() });
        query.order(order).limit(i64::try_from(PAGE + 1).unwrap_or(i64::MAX)).load(conn)
    }

    fn filtered(&self) -> account::BoxedQuery<'static, Pg> {
        let mut query = account::table.into_boxed();
        if let Some(text) = &self.text {
            let like = sql::<Bool>("fold(account.name || ' ' || account.email) LIKE fold(");
            query = query.filter(like.bind::<Text, _>(text.anywhere()).sql(")"));
        }
        if let Some(role) = self.role {
            query = query.filter(account::role.eq(role.key()));
        }
        match self.disabled {
            None => query,
            Some(true) => query.filter(account::disabled_at.is_not_null()),
            Some(false) => query.filter(account::disabled_at.is_null()),
        }
    }
}

impl Line {
    /// `for_all`: whether everyone needs a second factor.
    pub fn of((account, key, has_passkey): Found, organisation: &Organisation, for_all: bool, me: uuid::Uuid) -> Self {
        let factor = match (account.totp_since.is_some(), has_passkey) {
            (true, true) => "App, passkey",
            (true, false) => "App",
            (false, true) => "Passkey",
            (false, false) => "",
        };
        Self {
            key,
            path: account.path(),
            role: account.role().label(),
            masked: !account.may_see_personal_data(),
            factor,
            lacks_factor: factor.is_empty() && (for_all || account.requires_second_factor),
            last_sign_in: account.last_signed_in_at.map(|at| (at, organisation.moment(at))),
            disabled: account.disabled_at.is_some(),
            is_me: account.id == me,
            name: account.name,
            email: account.email,
        }
    }
}

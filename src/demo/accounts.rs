//! The demo sign-ins. Their password is known to all, so they are made on a loopback address only.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::accounts::password::Password;
use crate::accounts::{Credentials, HashCost, NewAccount, Role};
use crate::audit::Actor;

/// Of all three.
pub const PASSWORD: &str = "muster-demo";

/// Admin, Marketer, Support.
pub const EMAILS: [&str; 3] = ["admin@example.com", "marketer@example.com", "support@example.com"];

const PEOPLE: [(&str, Role); 3] =
    [("Ada Petersen", Role::Admin), ("Max Çelik", Role::Marketer), ("Sue Okafor", Role::Support)];

/// A dashboard user of the demo.
pub struct Colleague {
    /// Key.
    pub id: Uuid,
    /// Name.
    pub name: &'static str,
    email: &'static str,
}

impl Colleague {
    /// As the audit log names them.
    pub fn actor(&self) -> Actor {
        Actor { account_id: Some(self.id), name: format!("{} <{}>", self.name, self.email), address: String::new() }
    }
}

/// Admin, Marketer, Support.
pub fn insert(conn: &mut PgConnection, since: DateTime<Utc>) -> Result<[Colleague; 3], String> {
    // slow on purpose, so once for all three
    let hash = HashCost::default().hash(&Password::known(PASSWORD)).map_err(|error| error.to_string())?;
    let colleagues =
        [0, 1, 2].map(|place| Colleague { id: Uuid::now_v7(), name: PEOPLE[place].0, email: EMAILS[place] });
    for (colleague, (_, role)) in colleagues.iter().zip(PEOPLE) {
        let account = NewAccount {
            id: colleague.id,
            email: colleague.email.to_owned(),
            name: colleague.name.to_owned(),
            role: role.key().to_owned(),
            password_hash: hash.clone(),
            sees_personal_data: role.sees_personal_data(),
            created_at: since,
        };
        account.insert(conn).map_err(|error| error.to_string())?;
    }
    Ok(colleagues)
}

/// Those of the demo sign-ins that still open with the password everyone knows.
pub fn known_sign_ins(conn: &mut PgConnection) -> QueryResult<Vec<&'static str>> {
    let mut known = Vec::new();
    for email in EMAILS {
        let found = Credentials::find(conn, email)?;
        if found.is_some_and(|found| HashCost::default().verify(PASSWORD, found.password_hash.as_deref())) {
            known.push(email);
        }
    }
    Ok(known)
}

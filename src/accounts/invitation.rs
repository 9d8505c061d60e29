//! Someone who was asked to become a dashboard user.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::account::Role;
use super::link_token::LinkToken;
use super::notice::Notice;
use crate::audit::Subject;
use crate::schema::{account, invitation};

/// How long the link works.
pub const LIFE: Duration = Duration::hours(72);

/// An invitation that waits to be taken up.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = invitation)]
pub struct Invitation {
    /// Key.
    pub id: Uuid,
    /// Signs in with it.
    pub email: String,
    /// As shown to colleagues.
    pub name: String,
    role: String,
    /// Who asked them, by name.
    pub invited_by: String,
    /// When the link was sent.
    pub sent_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// Whether they will see members' phone numbers and e-mail addresses; Admins do, whatever it says.
    pub sees_personal_data: bool,
}

/// An invitation about to be.
pub struct NewInvitation {
    /// Lower case.
    pub email: String,
    /// As shown to colleagues.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Who asks, by name.
    pub invited_by: String,
    /// Whether they will see members' phone numbers and e-mail addresses.
    pub sees_personal_data: bool,
}

impl NewInvitation {
    /// Stores it; none: there is a dashboard user with this e-mail. The constraint `invitation_email_key` refuses a
    /// second one.
    pub fn insert(
        &self,
        conn: &mut PgConnection,
        token: &LinkToken,
        now: DateTime<Utc>,
    ) -> QueryResult<Option<Invitation>> {
        let is_there = account::table.filter(account::email.eq(&self.email)).count().get_result::<i64>(conn)? > 0;
        if is_there {
            return Ok(None);
        }
        let values = (
            invitation::id.eq(Uuid::now_v7()),
            invitation::email.eq(&self.email),
            invitation::name.eq(&self.name),
            invitation::role.eq(self.role.key()),
            invitation::token_hash.eq(token.hash()),
            invitation::invited_by.eq(&self.invited_by),
            invitation::sent_at.eq(now),
            invitation::expires_at.eq(now + LIFE),
            invitation::sees_personal_data.eq(self.sees_personal_data),
        );
        let row = diesel::insert_into(invitation::table).values(values).returning(Invitation::as_returning());
        row.get_result(conn).map(Some)
    }
}

impl Invitation {
    /// Those that wait, the newest first.
    pub fn all(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        invitation::table.order((invitation::sent_at.desc(), invitation::id)).select(Self::as_select()).load(conn)
    }

    /// With this key.
    pub fn find(conn: &mut PgConnection, id: Uuid) -> QueryResult<Self> {
        invitation::table.find(id).select(Self::as_select()).first(conn)
    }

    /// Whose link this is, while it works.
    pub fn of(conn: &mut PgConnection, token: &LinkToken, now: DateTime<Utc>) -> QueryResult<Option<Self>> {
        invitation::table
            .filter(invitation::token_hash.eq(token.hash()).and(invitation::expires_at.gt(now)))
            .select(Self::as_select())
            .first(conn)
            .optional()
    }

    /// Takes it up: whoever comes with the same link waits for this row and finds it gone.
    pub fn take(conn: &mut PgConnection, token: &LinkToken, now: DateTime<Utc>) -> QueryResult<Option<Self>> {
        let open = invitation::token_hash.eq(token.hash()).and(invitation::expires_at.gt(now));
        diesel::delete(invitation::table.filter(open)).returning(Self::as_returning()).get_result(conn).optional()
    }

    /// A new link; the one before works no more.
    pub fn renew(conn: &mut PgConnection, id: Uuid, token: &LinkToken, now: DateTime<Utc>) -> QueryResult<Self> {
        let values = (
            invitation::token_hash.eq(token.hash()),
            invitation::sent_at.eq(now),
            invitation::expires_at.eq(now + LIFE),
        );
        diesel::update(invitation::table.find(id)).set(values).returning(Self::as_returning()).get_result(conn)
    }

    /// Withdraws it; none: it was taken up or withdrawn already.
    pub fn withdraw(conn: &mut PgConnection, id: Uuid) -> QueryResult<Option<Self>> {
        diesel::delete(invitation::table.find(id)).returning(Self::as_returning()).get_result(conn).optional()
    }

    /// What they will be allowed.
    pub fn role(&self) -> Role {
        Role::parse(&self.role).unwrap_or(Role::Support)
    }

    /// Whether the link works no more.
    pub fn is_over(&self, now: &DateTime<Utc>) -> bool {
        self.expires_at <= *now
    }

    /// Where its own pages are.
    pub fn path(&self) -> String {
        format!("/settings/dashboard-users/invitations/{}", self.id)
    }

    /// For the audit log.
    pub fn subject(&self) -> Subject {
        Subject::new("invitation", self.id, format!("{} <{}>", self.name, self.email))
    }

    /// For the audit log.
    pub fn values(&self) -> Value {
        json!({
            "name": self.name,
            "email": self.email,
            "role": self.role,
            "may_see_personal_data": self.role() == Role::Admin || self.sees_personal_data,
            "expires_at": self.expires_at,
        })
    }

    /// Queues the message with the link.
    pub fn send(
        &self,
        conn: &mut PgConnection,
        (organisation, public_url): (&str, &str),
        token: &LinkToken,
        now: DateTime<Utc>,
    ) -> QueryResult<()> {
        let notice = Notice::invitation(organisation, &self.invited_by, self.role().label(), (public_url, token));
        notice.to(&self.email, now).insert(conn)
    }
}

//! A member as the back office gets and sends them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::member_ref::external_id;
use crate::api::ApiError;
use crate::channels::MessageChannel;
use crate::ids::MemberId;
use crate::members::form::{MemberForm, Parsed};
use crate::schema::member;

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeMemberJson {
    /// Member number: the key.
    #[schema(example = 2654435761_i64)]
    pub number: i64,
    /// What another system calls them.
    #[schema(example = "CRM-17")]
    pub external_id: Option<String>,
    /// As they are called.
    #[schema(example = "Ann Able")]
    pub name: String,
    /// E.164.
    #[schema(example = "+4915123456789")]
    pub phone: Option<String>,
    /// Lower case.
    #[schema(example = "ann@example.com")]
    pub email: Option<String>,
    /// Their own (IANA); null: the organisation's.
    #[schema(example = "Europe/Berlin")]
    pub time_zone: Option<String>,
    /// What may be sent.
    pub consents: OfficeConsentsJson,
    /// Whether staff have blocked them.
    pub blocked: bool,
    /// Since when they are a member.
    pub created_at: DateTime<Utc>,
}

/// What may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeConsentsJson {
    /// SMS.
    #[schema(example = true)]
    pub sms: bool,
    /// E-mail.
    #[schema(example = false)]
    pub email: bool,
    /// Push notifications.
    #[schema(example = true)]
    pub push: bool,
}

/// A member about to be, or to be changed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberValues {
    /// What another system calls them; left out: stays as it is.
    #[schema(min_length = 1, max_length = 100, example = "CRM-17")]
    #[serde(default)]
    pub external_id: Option<String>,
    /// As they are called.
    #[schema(min_length = 1, max_length = 120, example = "Ann Able")]
    pub name: String,
    /// In any spelling; null: none. Phone or e-mail must be there.
    #[schema(max_length = 100, example = "+49 1512 3456789")]
    #[serde(default)]
    pub phone: Option<String>,
    /// Null: none. Phone or e-mail must be there.
    #[schema(max_length = 254, example = "ann@example.com")]
    #[serde(default)]
    pub email: Option<String>,
    /// Their own (IANA); null: the organisation's.
    #[schema(max_length = 100, example = "Europe/Berlin")]
    #[serde(default)]
    pub time_zone: Option<String>,
    /// What may be sent; what is left out stays as it is.
    #[serde(default)]
    pub consents: Option<ConsentValues>,
}

/// Consents to give (true) or withdraw (false).
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConsentValues {
    /// SMS.
    #[schema(example = true)]
    pub sms: Option<bool>,
    /// E-mail.
    #[schema(example = false)]
    pub email: Option<bool>,
    /// Push notifications.
    pub push: Option<bool>,
}

impl MemberValues {
    /// By the rules of the dashboard's form.
    pub fn parse(&self, region: &str) -> Result<Parsed, ApiError> {
        let form = MemberForm {
            name: self.name.clone(),
            phone: self.phone.clone().unwrap_or_default(),
            email: self.email.clone().unwrap_or_default(),
            time_zone: self.time_zone.clone().unwrap_or_default(),
            ..MemberForm::default()
        };
        let external = self.external_id.as_deref().map(external_id).transpose();
        let external_id = external.map_err(|why| crate::api::invalid("external_id", why))?;
        let given = self.consents.unwrap_or_default();
        let consents = MessageChannel::ALL.into_iter().zip([given.sms, given.email, given.push]);
        let consents = consents.filter_map(|(channel, granted)| Some((channel, granted?))).collect();
        Ok(Parsed { consents, external_id, ..form.parse(region)? })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = member)]
struct Row {
    id: MemberId,
    number: Option<i64>,
    external_id: Option<String>,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    time_zone: Option<String>,
    sms_consent: bool,
    email_consent: bool,
    push_consent: bool,
    blocked_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl OfficeMemberJson {
    /// The member with this key.
    pub fn load(conn: &mut PgConnection, id: MemberId) -> QueryResult<Self> {
        member::table.find(id).select(Row::as_select()).first(conn).map(|row: Row| row.json())
    }

    /// These members, in the order of their keys here.
    pub fn of(conn: &mut PgConnection, ids: &[MemberId]) -> QueryResult<Vec<Self>> {
        let mut rows: Vec<Row> = member::table.filter(member::id.eq_any(ids)).select(Row::as_select()).load(conn)?;
        rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        Ok(rows.into_iter().map(Row::json).collect())
    }
}

impl Row {
    fn json(self) -> OfficeMemberJson {
        OfficeMemberJson {
            number: self.number.unwrap_or_default(),
            external_id: self.external_id,
            name: self.name,
            phone: self.phone,
            email: self.email,
            time_zone: self.time_zone,
            consents: OfficeConsentsJson { sms: self.sms_consent, email: self.email_consent, push: self.push_consent },
            blocked: self.blocked_at.is_some(),
            created_at: self.created_at,
        }
    }
}

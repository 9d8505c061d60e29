//! Step 1 of a campaign: what receivers read and see.

use diesel::prelude::*;
use serde::Serialize;
use uuid::Uuid;

use crate::schema::campaign;

/// The columns of step 1. Texts that are not given are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = campaign, check_for_backend(diesel::pg::Pg), treat_none_as_null = true)]
pub struct Content {
    /// For staff.
    pub name: String,
    /// What members see first.
    pub title: String,
    /// **Text**.
    pub body: String,
    /// **Image**.
    pub picture_id: Option<Uuid>,
    /// Small print.
    pub terms: String,
    /// SMS only; empty: the organisation's own.
    pub sms_sender: String,
    /// SMS only; `{link}` stands for the coupon's address.
    pub sms_text: String,
    /// E-mail only.
    pub email_subject: String,
    /// E-mail only.
    pub email_body: String,
    /// App only: receivers are told by a notification.
    pub notify_push: bool,
}

impl Content {
    /// How long a campaign's name may be.
    pub const MAX_NAME: usize = 120;
    /// How long a title may be.
    pub const MAX_TITLE: usize = 120;
    /// How long a text or an SMS may be.
    pub const MAX_TEXT: usize = 1_000;
    /// How long terms may be.
    pub const MAX_TERMS: usize = 5_000;
    /// How long an e-mail's subject may be.
    pub const MAX_SUBJECT: usize = 150;
    /// How long an e-mail may be.
    pub const MAX_EMAIL: usize = 10_000;

    /// Whether anyone has typed anything yet.
    pub fn is_untouched(&self) -> bool {
        *self == Self::default()
    }
}

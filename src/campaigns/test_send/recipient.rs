//! To whom a test goes.

use diesel::prelude::*;

use crate::channels::MessageChannel;
use crate::channels::push::Subscription;
use crate::ids::MemberId;
use crate::members::contact::Contact;
use crate::members::{email::Email, phone::Phone};
use crate::schema::member;
use crate::web::SaveError;
use crate::web::form::FieldErrors;

/// An address, and of push whose devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// E.164 number or e-mail address.
    pub address: String,
    /// Push only.
    pub member: Option<MemberId>,
}

impl Recipient {
    /// What was typed, in the form that the channel takes.
    pub fn parse(
        conn: &mut PgConnection,
        channel: MessageChannel,
        typed: &str,
        region: &str,
    ) -> Result<Self, SaveError> {
        let wrong = |why: String| SaveError::from(FieldErrors::one("to", why));
        let plain = |address: &str| Self { address: address.to_owned(), member: None };
        match channel {
            MessageChannel::Sms => Phone::parse(typed, region).map(|phone| plain(phone.as_str())).map_err(wrong),
            MessageChannel::Email => Email::parse(typed).map(|email| plain(email.as_str())).map_err(wrong),
            MessageChannel::Push => {
                let contact = Contact::parse(typed, region).map_err(wrong)?;
                Self::with_device(conn, &contact)
            }
        }
    }

    fn with_device(conn: &mut PgConnection, contact: &Contact) -> Result<Self, SaveError> {
        let wrong = |why: &str| Err(FieldErrors::one("to", why).into());
        let columns = (member::id, member::push_consent, member::blocked_at.is_null());
        let rows = member::table.select(columns).into_boxed();
        let rows = match contact {
            Contact::Phone(phone) => rows.filter(member::phone.eq(phone.as_str().to_owned())),
            Contact::Email(email) => rows.filter(member::email.eq(email.as_str().to_owned())),
        };
        let found: Option<(i64, bool, bool)> = rows.first(conn).optional()?;
        let Some((id, consents, may)) = found else {
            return wrong("No member has this phone number or e-mail address");
        };
        let id = MemberId(id);
        if !may {
            return wrong("This member is blocked: nothing is sent to them");
        }
        if Subscription::of_member(conn, id)?.is_empty() {
            return wrong("This member has no device with notifications. Turn them on in the app, under Profile");
        }
        if !consents {
            return wrong("This member does not agree to push notifications. The app asks for it under Profile");
        }
        Ok(Self { address: contact.as_str().to_owned(), member: Some(id) })
    }
}

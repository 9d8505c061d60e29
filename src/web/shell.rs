//! What surrounds a dashboard page: who is signed in, where, in which organisation, when.

use std::future::{Ready, ready};
use std::ops::Range;
use std::sync::Arc;

use actix_session::SessionExt;
use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Flash;
use crate::accounts::Role;
use crate::audit::Actor;
use crate::error::AppError;
use crate::members::{Guarded, Sight};
use crate::serve::Muster;
use crate::sessions::SignedIn;
use crate::settings::Organisation;

/// Taken by every dashboard page; exists only for signed-in dashboard users.
#[derive(Clone)]
pub struct Shell {
    /// Who is signed in.
    pub account: SignedIn,
    /// Its name, zone, colour.
    pub organisation: Arc<Organisation>,
    /// The time of this request.
    pub now: DateTime<Utc>,
    csrf: String,
    flash: Option<Flash>,
    theme: String,
    path: String,
    address: String,
}

impl Shell {
    /// Who acts, for the audit log.
    pub fn actor(&self) -> Actor {
        self.account.actor().from(&self.address)
    }

    /// The zone in which days and times are entered and shown.
    pub fn zone(&self) -> Tz {
        self.organisation.zone
    }

    /// Shown on every page.
    pub fn organisation_name(&self) -> &str {
        &self.organisation.name
    }

    /// The signed-in user's name.
    pub fn account_name(&self) -> &str {
        &self.account.name
    }

    /// The signed-in user's role, in words.
    pub fn role_name(&self) -> &str {
        self.account.role().label()
    }

    /// The token that forms carry.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// The message that came with this request.
    pub fn flash(&self) -> Option<&Flash> {
        self.flash.as_ref()
    }

    /// "light", "dark" or "" for the system's wish.
    pub fn theme(&self) -> &str {
        &self.theme
    }

    /// The path of this request.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether this page is in this part: overview, campaigns, members, user-support, settings.
    pub fn is_at(&self, area: &str) -> bool {
        self.path.split('/').nth(1).unwrap_or_default() == if area == "overview" { "" } else { area }
    }

    /// Whether the role may see this part.
    pub fn may_see(&self, area: &str) -> bool {
        match area {
            "campaigns" | "settings" | "settings-general" => self.may_edit(),
            "settings-channels"
            | "settings-audit-log"
            | "settings-dashboard-users"
            | "settings-api-keys"
            | "settings-webhooks" => self.is_admin(),
            _ => true,
        }
    }

    /// Whether the role may change campaigns, groups and members.
    pub fn may_edit(&self) -> bool {
        self.account.role() != Role::Support
    }

    /// Whether the role is Admin.
    pub fn is_admin(&self) -> bool {
        self.account.role() == Role::Admin
    }

    /// How this viewer sees members' phone numbers and e-mail addresses.
    pub fn sight(&self) -> Sight {
        self.account.sight()
    }

    /// Whether they are seen as they are.
    pub fn sees_personal_data(&self) -> bool {
        self.sight().is_full()
    }

    /// A member's phone number or e-mail address for this viewer; empty where there is none.
    pub fn contact(&self, stored: &Option<Guarded>) -> String {
        stored.as_ref().map(|stored| stored.shown(self.sight())).unwrap_or_default()
    }

    /// The same as it is, to be copied; none: there is none, or not for this viewer.
    pub fn copied<'a>(&self, stored: &'a Option<Guarded>) -> Option<&'a str> {
        stored.as_ref().filter(|_| self.sees_personal_data()).map(Guarded::unmasked)
    }

    /// A row of an export without its personal columns, for those who may not see them.
    pub fn without_personal<const N: usize>(&self, row: [String; N], personal: Range<usize>) -> Vec<String> {
        let keeps = |place: &usize| self.sees_personal_data() || !personal.contains(place);
        row.into_iter().enumerate().filter(|(place, _)| keeps(place)).map(|(_, cell)| cell).collect()
    }

    /// The address of a static file.
    pub fn asset(&self, file: &str) -> String {
        super::assets::address(file)
    }
}

/// The theme that the visitor chose, if one.
pub(crate) fn theme_of(req: &HttpRequest) -> String {
    req.cookie("theme")
        .map(|cookie| cookie.value().to_owned())
        .filter(|theme| theme == "light" || theme == "dark")
        .unwrap_or_default()
}

impl FromRequest for Shell {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let account = SignedIn::of(&req.get_session());
        let muster = req.app_data::<Data<Muster>>();
        ready(match (account, muster) {
            (Some(account), Some(muster)) => Ok(Self {
                account,
                organisation: muster.organisation.get(),
                now: muster.clock.now(),
                csrf: super::csrf::token(req),
                flash: Flash::of(req),
                theme: theme_of(req),
                path: req.path().to_owned(),
                address: super::Address::of(req).0,
            }),
            _ => Err(AppError::Forbidden("Sign in first.")),
        })
    }
}

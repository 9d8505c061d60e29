//! What surrounds a page of the member app.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_session::SessionExt;
use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use chrono::{DateTime, Utc};

use super::Flash;
use crate::error::AppError;
use crate::serve::Muster;
use crate::sessions::SignedInMember;
use crate::settings::Organisation;

/// Taken by every page of the member app, signed in or not.
#[derive(Clone)]
pub struct MemberShell {
    /// Who is signed in; none on the sign-in pages and `/c/{token}`.
    pub member: Option<SignedInMember>,
    /// Its name, zone, colour.
    pub organisation: Arc<Organisation>,
    /// The time of this request.
    pub now: DateTime<Utc>,
    csrf: String,
    flash: Option<Flash>,
    theme: String,
    path: String,
}

impl MemberShell {
    /// Shown on every page.
    pub fn organisation_name(&self) -> &str {
        &self.organisation.name
    }

    /// The organisation's colour, `#rrggbb`.
    pub fn colour(&self) -> &str {
        &self.organisation.colour
    }

    /// The signed-in member's name, or nothing.
    pub fn member_name(&self) -> &str {
        self.member.as_ref().map_or("", |member| &member.name)
    }

    /// Whether a member is signed in.
    pub fn signed_in(&self) -> bool {
        self.member.is_some()
    }

    /// The token that forms carry.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// The message that came with this request.
    pub fn flash(&self) -> Option<&Flash> {
        self.flash.as_ref()
    }

    /// Whether this page is in this part: coupons, games, groups, code, profile.
    pub fn is_at(&self, area: &str) -> bool {
        self.path.split('/').nth(2).unwrap_or_default() == area
    }

    /// Whether the app has this part; games come with their kind of campaign.
    pub fn may_see(&self, area: &str) -> bool {
        area != "games"
    }

    /// "light", "dark" or "" for the system's wish.
    pub fn theme(&self) -> &str {
        &self.theme
    }

    /// The address of a static file.
    pub fn asset(&self, file: &str) -> String {
        super::assets::address(file)
    }
}

impl FromRequest for MemberShell {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(muster) = req.app_data::<Data<Muster>>() else {
            return ready(Err(AppError::internal("no application data")));
        };
        ready(Ok(Self {
            member: SignedInMember::of(&req.get_session()),
            organisation: muster.organisation.get(),
            now: muster.clock.now(),
            csrf: super::csrf::token(req),
            flash: Flash::of(req),
            theme: super::shell::theme_of(req),
            path: req.path().to_owned(),
        }))
    }
}

//! What surrounds a page for someone who is not signed in to the dashboard, and error pages.

use actix_web::{HttpRequest, web::Data};

use super::Flash;
use crate::serve::Muster;

/// Fewer facts than a `Shell` has.
#[derive(Debug, Clone, Default)]
pub struct VisitorShell {
    organisation_name: String,
    csrf: String,
    theme: String,
    flash: Option<Flash>,
}

impl VisitorShell {
    /// Of this request.
    pub fn of(req: &HttpRequest) -> Self {
        Self {
            organisation_name: req
                .app_data::<Data<Muster>>()
                .map(|muster| muster.organisation.get().name.clone())
                .unwrap_or_default(),
            csrf: super::csrf::token(req),
            theme: super::shell::theme_of(req),
            flash: Flash::of(req),
        }
    }

    /// The same for a page outside all sessions, with no forms and no messages.
    pub fn without_session(req: &HttpRequest) -> Self {
        Self {
            organisation_name: req
                .app_data::<Data<Muster>>()
                .map(|muster| muster.organisation.get().name.clone())
                .unwrap_or_default(),
            theme: super::shell::theme_of(req),
            ..Self::default()
        }
    }

    /// Shown on every page.
    pub fn organisation_name(&self) -> &str {
        if self.organisation_name.is_empty() { "Muster" } else { &self.organisation_name }
    }

    /// The message that came with this request.
    pub fn flash(&self) -> Option<&Flash> {
        self.flash.as_ref()
    }

    /// The token that forms carry.
    pub fn csrf(&self) -> &str {
        &self.csrf
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

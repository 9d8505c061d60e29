//! The tills' part of the OpenAPI document.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{lookups, reservations, validations};

/// Merged into the document of all APIs.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        lookups::create,
        reservations::create,
        reservations::show,
        reservations::validate,
        reservations::cancel,
        validations::create,
        validations::reverse,
    ),
    tags((name = "Tills", description = "Look up, reserve, validate, cancel, reverse. With a key of scope Tills (Settings → API keys).")),
    modifiers(&Keys),
)]
pub struct PosDocument;

struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let key =
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A key of Settings → API keys")).build();
        document.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(key));
    }
}

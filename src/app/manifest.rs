//! What makes the app installable, with the organisation's name and colour.

use actix_web::{HttpResponse, http::header};
use serde_json::json;

use crate::web::MemberShell;

/// `GET /app/manifest.webmanifest`
pub async fn show(shell: MemberShell) -> HttpResponse {
    let icon = |file: &str, size: &str, purpose: &str| json!({ "src": shell.asset(file), "sizes": size, "type": "image/png", "purpose": purpose });
    let manifest = json!({
        "id": "/app",
        "name": shell.organisation_name(),
        "short_name": shell.organisation_name(),
        "start_url": "/app",
        "scope": "/app",
        "display": "standalone",
        "background_color": "#f6f6f7",
        "theme_color": shell.colour(),
        "icons": [
            icon("app/icon-192.png", "192x192", "any"),
            icon("app/icon-512.png", "512x512", "any"),
            icon("app/icon-maskable-512.png", "512x512", "maskable"),
        ],
    });
    HttpResponse::Ok()
        .content_type("application/manifest+json")
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(manifest.to_string())
}

//! The events' part of the OpenAPI document.

use utoipa::OpenApi;

use super::index;

/// Merged into the document of all APIs.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(index::index),
    tags((name = "Events", description = "What happened, in its order. With a key of scope Back office or Back office, reading.")),
)]
pub struct EventsDocument;

//! The back office's part of the OpenAPI document.

use utoipa::OpenApi;

use super::{campaigns, codes, deliveries, events, groups, members, members_bulk, memberships_bulk, reports};

/// Merged into the document of all APIs.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        members::index,
        members::show,
        members::put,
        members_bulk::create,
        groups::index,
        groups::show,
        memberships_bulk::create,
        campaigns::index,
        deliveries::create,
        events::index,
        codes::index,
        codes::create,
        codes::show,
        reports::group_members,
        reports::deliveries,
        reports::validations,
    ),
    tags(
        (name = "Office: members", description = "Find, add and change members. With a key of scope Back office (Settings → API keys); one for reading only reads."),
        (name = "Office: groups and memberships", description = "Groups, and who is in them."),
        (name = "Office: campaigns and codes", description = "Campaigns for single members; codes."),
        (name = "Office: events", description = "What happened, in its order; webhooks are told the same."),
        (name = "Office: reports", description = "Streams of any length, as lines of JSON or as CSV."),
    ),
)]
pub struct OfficeDocument;

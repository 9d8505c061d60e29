//! `GET /api/v1/events`.

use actix_web::web::Query;
use actix_web::{HttpResponse, http::header};
use diesel::prelude::*;
use serde::Deserialize;
use utoipa::IntoParams;

use super::event_json::EventsJson;
use crate::api::{ApiError, ApiResult, FieldProblem, Problem};
use crate::db::Db;
use crate::schema::webhook_event;
use crate::webhooks::Kind;
use crate::webhooks::event::Event;
use crate::webhooks::kind::TEST;

/// Events of a page, unless asked otherwise, and at most.
const PAGE: usize = 100;
const MOST: usize = 1_000;

/// Which events.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Those after this cursor; without one, from the oldest that is kept.
    #[param(example = "4711", max_length = 19, pattern = "^[0-9]+$")]
    after: Option<String>,
    /// So many at most.
    #[param(minimum = 1, maximum = 1000, example = 100)]
    limit: Option<usize>,
    /// Of this kind only.
    #[serde(rename = "type")]
    #[param(rename = "type", example = "membership.opened")]
    kind: Option<String>,
}

/// Reads what happened.
///
/// What webhooks are told, for programs that would rather ask, or that want to catch up: events in the order in which they
/// became visible, kept for 30 days. Keep the `cursor` and send it as `after` the next time: nothing is left out and nothing
/// comes twice. Events are put down once a webhook wants their kind, also while it is disabled.
#[utoipa::path(get, path = "/api/v1/events", tag = "Events", operation_id = "listEvents", params(EventsQuery),
    responses(
        (status = 200, description = "Events, the oldest first", body = EventsJson),
        (status = 400, description = "`bad_request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`unauthorized`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = Problem, content_type = "application/problem+json"),
    ), security(("key" = [])))]
pub async fn index(db: Db, query: Query<EventsQuery>) -> ApiResult {
    let (after, limit, kind) = query.parse()?;
    let found: Vec<Event> = db.read(move |conn| find(conn, after, limit + 1, kind).map_err(ApiError::from)).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(EventsJson::cut(found, after, limit)))
}

fn find(conn: &mut PgConnection, after: i64, limit: usize, kind: Option<Kind>) -> QueryResult<Vec<Event>> {
    let mut query = webhook_event::table
        .filter(webhook_event::id.gt(after).and(webhook_event::kind.ne(TEST)))
        .order(webhook_event::id)
        .limit(i64::try_from(limit).unwrap_or(1_001))
        .select(Event::as_select())
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(webhook_event::kind.eq(kind.key()));
    }
    query.load(conn)
}

impl EventsQuery {
    fn parse(&self) -> Result<(i64, usize, Option<Kind>), ApiError> {
        let mut wrong = Vec::new();
        let after: i64 = match self.after.as_deref().map(str::parse) {
            None => 0,
            Some(Ok(after)) if after >= 0 => after,
            Some(_) => {
                wrong.push(FieldProblem::new("after", "Send a cursor as it was answered."));
                0
            }
        };
        let limit = self.limit.unwrap_or(PAGE);
        if !(1..=MOST).contains(&limit) {
            wrong.push(FieldProblem::new("limit", format!("Send a number from 1 to {MOST}.")));
        }
        let kind = self.kind.as_deref().map(Kind::parse);
        if kind == Some(None) {
            wrong.push(FieldProblem::new("type", format!("Send one of {}.", Kind::ALL.map(Kind::key).join(", "))));
        }
        if wrong.is_empty() { Ok((after, limit, kind.flatten())) } else { Err(ApiError::invalid(wrong)) }
    }
}

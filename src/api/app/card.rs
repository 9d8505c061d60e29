//! `/me/card`: what the member shows at a till to have all their coupons found.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::member::AppMember;
use crate::api::{ApiResult, Call};
use crate::members::card;

/// The member's card.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardJson {
    /// To be drawn as QR; null: none was made yet.
    #[schema(example = "7KQM2WXR9TBA3HNP")]
    code: Option<String>,
}

/// Shows the card.
#[utoipa::path(get, path = "/api/app/v1/me/card", tag = "App: me", operation_id = "showCard",
    responses((status = 200, description = "The card", body = CardJson)), security(("token" = [])))]
pub async fn show(call: Call<AppMember>) -> ApiResult {
    call.read(|conn, asked| Ok(CardJson { code: card::find(conn, asked.who.id)? })).await
}

/// Makes a card.
///
/// The first, or a new one that makes the one before worthless.
#[utoipa::path(post, path = "/api/app/v1/me/card", tag = "App: me", operation_id = "makeCard",
    responses((status = 201, description = "The new card", body = CardJson)), security(("token" = [])))]
pub async fn create(call: Call<AppMember>) -> ApiResult {
    let work = call.write(|conn, asked| {
        card::renew(conn, asked.who.id, asked.now)?;
        Ok(CardJson { code: card::find(conn, asked.who.id)? })
    });
    let made = work.await?;
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(made))
}

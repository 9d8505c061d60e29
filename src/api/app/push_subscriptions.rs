//! `/push-subscriptions`: devices that take notifications for the member.

use actix_web::web::Path;
use actix_web::{HttpResponse, http::header};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::member::AppMember;
use crate::api::{ApiError, ApiResult, Call, Json};
use crate::app::notifications::{SubscriptionForm, turn_on};
use crate::channels::push::{Subscription, device, settings};

/// What a push service gave the app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPushSubscription {
    /// Where the push service takes messages.
    #[schema(max_length = 2000, example = "https://push.example.com/send/abc")]
    endpoint: String,
    /// The device's public key (P-256, uncompressed), base64url.
    #[schema(
        max_length = 200,
        example = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    )]
    p256dh: String,
    /// The device's secret of 16 bytes, base64url.
    #[schema(max_length = 100, example = "BTBZMqHH6r4Tts7J_aSIgg")]
    auth: String,
    /// The endpoint that this one takes the place of.
    #[schema(max_length = 2000, example = "https://push.example.com/send/before")]
    #[serde(default)]
    replaces: Option<String>,
}

/// Devices, and the key that they need.
#[derive(Debug, Serialize, ToSchema)]
pub struct PushSubscriptionsJson {
    /// This server's (VAPID), for the push service.
    #[schema(example = "BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U")]
    public_key: String,
    /// The latest first.
    subscriptions: Vec<PushSubscriptionJson>,
}

/// A device.
#[derive(Debug, Serialize, ToSchema)]
pub struct PushSubscriptionJson {
    /// Key.
    #[schema(example = 3)]
    id: i64,
    /// What it says it is.
    #[schema(example = "Chrome on Android")]
    device: String,
    /// Since when.
    created_at: DateTime<Utc>,
}

impl PushSubscriptionJson {
    fn of(subscription: &Subscription) -> Self {
        Self { id: subscription.id, device: subscription.device_name().to_owned(), created_at: subscription.created_at }
    }
}

/// Lists devices.
#[utoipa::path(get, path = "/api/app/v1/push-subscriptions", tag = "App: push", operation_id = "listPushSubscriptions",
    responses((status = 200, description = "The member’s devices", body = PushSubscriptionsJson)), security(("token" = [])))]
pub async fn index(call: Call<AppMember>) -> ApiResult {
    let keys = call.muster.keys.clone();
    // the server's own pair is made when it is asked for the first time
    let public_key = call.write(move |conn, _| Ok(settings::public_key(conn, &keys)?)).await?;
    call.read(move |conn, asked| {
        let devices = Subscription::of_member(conn, asked.who.id)?;
        Ok(PushSubscriptionsJson { public_key, subscriptions: devices.iter().map(PushSubscriptionJson::of).collect() })
    })
    .await
}

/// Adds a device.
///
/// The same endpoint again takes the place of what was stored. Adding the first is agreeing to push notifications.
#[utoipa::path(put, path = "/api/app/v1/push-subscriptions", tag = "App: push", operation_id = "putPushSubscription",
    request_body = NewPushSubscription,
    responses((status = 200, description = "Stored", body = PushSubscriptionJson)), security(("token" = [])))]
pub async fn put(call: Call<AppMember>, Json { sent, .. }: Json<NewPushSubscription>) -> ApiResult {
    let agent = call.req.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let (device, endpoint) = (device::name(agent), sent.endpoint.clone());
    let typed = SubscriptionForm {
        endpoint: sent.endpoint,
        p256dh: sent.p256dh,
        auth: sent.auth,
        renews: sent.replaces.unwrap_or_default(),
    };
    let work = call.write(move |conn, asked| {
        turn_on(conn, asked.who.id, &typed, device, asked.now)?;
        let devices = Subscription::of_member(conn, asked.who.id)?;
        let stored = devices.iter().find(|one| one.endpoint == endpoint).ok_or_else(ApiError::not_found)?;
        Ok(PushSubscriptionJson::of(stored))
    });
    Ok(HttpResponse::Ok().json(work.await?))
}

/// Removes a device.
#[utoipa::path(delete, path = "/api/app/v1/push-subscriptions/{id}", tag = "App: push",
    operation_id = "deletePushSubscription",
    params(("id" = i64, Path, description = "Key of the device", example = 3)),
    responses((status = 204, description = "Removed"), (status = 404, description = "`not_found`")),
    security(("token" = [])))]
pub async fn destroy(call: Call<AppMember>, id: Path<i64>) -> ApiResult {
    let id = *id;
    let removed = call.write(move |conn, asked| Ok(Subscription::remove(conn, asked.who.id, id)?)).await?;
    if removed { Ok(HttpResponse::NoContent().finish()) } else { Err(ApiError::not_found()) }
}

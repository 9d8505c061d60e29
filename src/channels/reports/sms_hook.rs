//! `/hooks/sms/{secret}`: what the SMS gateway reports.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use diesel::PgConnection;

use super::fields::Fields;
use super::{sms_words, twilio_signature, wrong_secret};
use crate::Muster;
use crate::channels::sms::{Preset, SmsSecret, SmsSettings};
use crate::channels::{MessageChannel, StoredChannel};
use crate::error::AppError;
use crate::web::Address;

const CHANNEL: MessageChannel = MessageChannel::Sms;

/// Told to whoever sets the gateway up.
pub(super) fn no_report() -> AppError {
    AppError::BadRequest("A report names a message and says what became of it. Nothing was saved.".into())
}

/// `GET` and `POST /hooks/sms/{secret}`
pub async fn receive(
    req: HttpRequest,
    (muster, Address(address)): (Data<Muster>, Address),
    sent: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, AppError> {
    let (keys, now) = (muster.keys.clone(), muster.clock.now());
    let url = format!("{}{}", muster.config.public_url, req.uri().path_and_query().map_or("", |path| path.as_str()));
    let signature = req.headers().get("x-twilio-signature").and_then(|value| value.to_str().ok());
    let signature = signature.unwrap_or_default().to_owned();
    let done = muster.db.write(move |conn: &mut PgConnection| {
        let stored = StoredChannel::load(conn, CHANNEL)?;
        let secret: SmsSecret = stored.secret(&keys).map_err(AppError::internal)?;
        if !wrong_secret::is_it(&secret.hook, &sent) {
            return wrong_secret::refuse(conn, &address, now).map(Err);
        }
        let settings: SmsSettings = stored.settings();
        let checked = settings.preset == Preset::Twilio && !settings.unsigned && !secret.password.is_empty();
        if checked && !twilio_signature::is_valid(&secret.password, &url, &fields.body, &signature) {
            return Ok(Err(AppError::Forbidden("The signature does not fit the report.")));
        }
        match sms_words::read(settings.preset, &fields) {
            Some(report) if report.apply(conn, CHANNEL, now)? => {}
            Some(report) => {
                tracing::info!(ids = ?report.ids, event = ?report.event, "SMS report on an unknown message")
            }
            None if sms_words::is_report(settings.preset, &fields) => {
                tracing::info!(status = fields.get("status"), "SMS report that says nothing known");
            }
            None => return Ok(Err(no_report())),
        }
        Ok(Ok(()))
    });
    // a refusal is counted, so its transaction is kept
    done.await?.map(|()| HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n"))
}

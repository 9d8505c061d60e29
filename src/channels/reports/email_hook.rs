//! `/hooks/email/{secret}`: what a mail service reports of bounces and complaints.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use diesel::PgConnection;

use super::fields::Fields;
use super::report::{Event, Report};
use super::sms_hook::no_report;
use super::wrong_secret;
use crate::Muster;
use crate::channels::email::form::EmailSecret;
use crate::channels::{MessageChannel, StoredChannel};
use crate::error::AppError;
use crate::web::Address;

const CHANNEL: MessageChannel = MessageChannel::Email;

/// `POST /hooks/email/{secret}`
pub async fn receive(
    (muster, Address(address)): (Data<Muster>, Address),
    sent: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, AppError> {
    let (keys, now) = (muster.keys.clone(), muster.clock.now());
    let done = muster.db.write(move |conn: &mut PgConnection| {
        let secret: EmailSecret = StoredChannel::load(conn, CHANNEL)?.secret(&keys).map_err(AppError::internal)?;
        if !wrong_secret::is_it(&secret.hook, &sent) {
            return wrong_secret::refuse(conn, &address, now).map(Err);
        }
        match read(&fields) {
            Some(report) if report.apply(conn, CHANNEL, now)? => {}
            Some(report) => {
                tracing::info!(ids = ?report.ids, event = ?report.event, "e-mail report on an unknown message")
            }
            None if fields.get("event").is_some()
                && (fields.get("id").is_some() || fields.get("message_id").is_some()) =>
            {
                tracing::info!(event = fields.get("event"), "e-mail report that says nothing known");
            }
            None => return Ok(Err(no_report())),
        }
        Ok(Ok(()))
    });
    done.await?.map(|()| HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n"))
}

fn read(fields: &Fields) -> Option<Report> {
    let id = fields.get("id").or_else(|| fields.get("message_id")).map(str::trim).filter(|id| !id.is_empty())?;
    let event = match fields.get("event")?.trim().to_ascii_lowercase().as_str() {
        "delivered" => Event::Delivered,
        "bounced" | "bounce" | "failed" | "dropped" => Event::Bounced,
        "complained" | "complaint" | "spam" => Event::Complained,
        "accepted" | "sent" | "queued" | "deferred" => Event::Taken,
        _ => return None,
    };
    Some(Report { ids: spellings(id), event, reason: fields.get("reason").unwrap_or_default().to_owned() })
}

/// A Message-ID with and without what surrounds our key: `<key@host>`.
fn spellings(id: &str) -> Vec<String> {
    let bare = id.trim_start_matches('<').trim_end_matches('>');
    let key = bare.split('@').next().unwrap_or_default();
    let mut all = vec![id.to_owned(), bare.to_owned(), format!("<{bare}>"), key.to_owned()];
    all.sort();
    all.dedup();
    all
}

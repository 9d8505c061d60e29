//! Webhooks, Settings → Webhooks and `/api/v1/events`.

mod events_api;
mod killed;
mod order;
mod private;
mod readme;
pub mod receiver;
mod replay;
mod retrying;
mod settings;
mod telling;

use diesel::prelude::*;
use muster::schema::webhook;
use muster::webhooks::Secret;

use crate::support::TestApp;

/// A webhook that is told these kinds (none: all), and its secret.
pub fn hook(app: &TestApp, url: &str, kinds: &[&str]) -> (i64, Secret) {
    let secret = Secret::random();
    let id = diesel::insert_into(webhook::table)
        .values((
            webhook::url.eq(url),
            webhook::description.eq("Newsletter tool"),
            webhook::kinds.eq(kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>()),
            webhook::secret.eq(secret.seal(&app.muster.keys).unwrap()),
            webhook::created_at.eq(app.now()),
        ))
        .returning(webhook::id)
        .get_result(&mut app.conn())
        .unwrap();
    (id, secret)
}

//! **Sign out**.

use actix_session::Session;

use crate::web::{Form, PageResult, see_other};

/// A form with nothing but its token.
#[derive(serde::Deserialize)]
pub struct Empty {}

/// `POST /sign-out`
pub async fn destroy(session: Session, _: Form<Empty>) -> PageResult {
    session.purge();
    see_other("/sign-in")
}

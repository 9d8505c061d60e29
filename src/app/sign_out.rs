//! **Sign out** of the app.

use actix_session::Session;

use crate::sessions::destroy::Empty;
use crate::web::{Form, PageResult, see_other};

/// `POST /app/sign-out`
pub async fn create(session: Session, _: Form<Empty>) -> PageResult {
    session.purge();
    see_other("/app/sign-in")
}

//! Sends a visitor to the provider. A link, not a form: browsers do not let forms lead to another site.

use actix_web::http::header;
use actix_web::web::{Data, Query, block};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use uuid::Uuid;

use super::attempt::{self, Keys};
use super::provider::Provider;
use super::refused::{NotIn, Refused};
use crate::Muster;
use crate::error::AppError;
use crate::sessions::{Device, new::safe_path, tries};
use crate::web::{Flash, PageResult, SaveError, see_other_with};

/// Where it is.
pub const PATH: &str = "/sign-in/openid";

/// Where to go after signing in.
#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// `GET /sign-in/openid`
pub async fn new(req: HttpRequest, muster: Data<Muster>, next: Query<Next>) -> PageResult {
    let provider = muster.openid.clone().ok_or(AppError::NotFound)?;
    count_try(&req, &muster).await?;
    match begin(&muster, provider, None, safe_path(&next.next)).await {
        Ok((address, keys)) => {
            let mut response = HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish();
            keys.attach(&mut response, muster.config.is_https())?;
            Ok(response)
        }
        Err(NotIn::Refused(refused)) => see_other_with("/sign-in", &Flash::danger(refused.sentence())),
        Err(NotIn::Failed(error)) => Err(error),
    }
}

/// Each costs the provider a question, and us a row.
async fn count_try(req: &HttpRequest, muster: &Muster) -> Result<(), AppError> {
    let (address, now) = (Device::of(req).address, muster.clock.now());
    let counted = muster.db.write(move |conn| tries::OPENID.count(conn, &format!("at {address}"), &address, now)).await;
    match counted {
        Ok(()) | Err(SaveError::Rejected(_)) => Ok(()),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// The provider's address for this visitor, and what the visitor's browser keeps. `account`: who links.
pub(super) async fn begin(
    muster: &Muster,
    provider: Provider,
    account: Option<Uuid>,
    next: &str,
) -> Result<(String, Keys), NotIn> {
    let (next, now) = (next.to_owned(), muster.clock.now());
    let keys = muster.db.write(move |conn| -> Result<_, NotIn> { Ok(attempt::begin(conn, account, &next, now)?) });
    let keys = keys.await?;
    let asked = keys.clone();
    let address = block(move || provider.address(&asked, now)).await;
    Ok((address.map_err(Refused::away)??, keys))
}

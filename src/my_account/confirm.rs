//! The current password, asked again before what protects an account is changed: an open browser alone shall not do.

use actix_web::web::block;

use crate::Muster;
use crate::accounts::Credentials;
use crate::error::AppError;
use crate::sessions::{SignedIn, tries};
use crate::web::{FieldErrors, SaveError};

/// The field it is typed into.
pub const FIELD: &str = "current";

/// Whose it is, if it is right.
pub async fn password(muster: &Muster, who: &SignedIn, address: &str, typed: &str) -> Result<Credentials, SaveError> {
    if typed.is_empty() {
        return Err(FieldErrors::one(FIELD, "Enter your current password").into());
    }
    let (id, now, address) = (who.id, muster.clock.now(), address.to_owned());
    let found = muster
        .db
        .write(move |conn| {
            tries::CONFIRMATIONS.count(conn, &id.to_string(), &address, now)?;
            Ok::<_, SaveError>(Credentials::of(conn, id)?)
        })
        .await?;
    let (cost, typed) = (muster.config.hash_cost, typed.to_owned());
    let checked = block(move || {
        let right = cost.verify(&typed, found.as_ref().and_then(|found| found.password_hash.as_deref()));
        found.filter(|_| right)
    });
    let Some(found) = checked.await.map_err(AppError::internal)? else {
        return Err(FieldErrors::one(FIELD, "This is not your current password").into());
    };
    muster
        .db
        .write(move |conn| {
            tries::CONFIRMATIONS.forget(conn, &id.to_string())?;
            Ok(found)
        })
        .await
}

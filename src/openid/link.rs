//! **My account** → Link: the provider's sign-in becomes one's own, after the password.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use diesel::PgConnection;

use super::arrive::{identity, note};
use super::begin;
use super::callback::address;
use super::claims::Claims;
use super::identity::{self as identities, Identity};
use super::refused::{NotIn, Refused};
use crate::Muster;
use crate::accounts::Credentials;
use crate::accounts::account::end_sessions;
use crate::accounts::notice::Notice;
use crate::audit::{self, Change, Subject};
use crate::error::AppError;
use crate::my_account::confirm;
use crate::my_account::second_factor_remove::ConfirmForm;
use crate::sessions::{Device, SignedIn};
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

#[derive(Template)]
#[template(path = "openid/link.html")]
struct LinkPage {
    shell: Shell,
    label: String,
    errors: FieldErrors,
    /// Where to go on; empty: the password is still to come.
    address: String,
}

impl LinkPage {
    fn new(shell: Shell, muster: &Muster, errors: FieldErrors) -> Self {
        let label = muster.openid.as_ref().map(|provider| provider.config().label.clone()).unwrap_or_default();
        Self { shell, label, errors, address: String::new() }
    }
}

/// `GET /my-account/openid`
pub async fn new(shell: Shell, muster: Data<Muster>) -> PageResult {
    muster.openid.as_ref().ok_or(AppError::NotFound)?;
    show(&LinkPage::new(shell, &muster, FieldErrors::new()))
}

/// `POST /my-account/openid`: the answer is a page with a link, since browsers do not let a form lead to another site.
pub async fn create(shell: Shell, req: HttpRequest, muster: Data<Muster>, form: Form<ConfirmForm>) -> PageResult {
    let provider = muster.openid.clone().ok_or(AppError::NotFound)?;
    match confirm::password(&muster, &shell.account, &Device::of(&req).address, &form.typed.current).await {
        Ok(_) => {}
        Err(SaveError::Rejected(errors)) => return rejected(&LinkPage::new(shell, &muster, errors)),
        Err(SaveError::Failed(error)) => return Err(error),
    }
    match begin::begin(&muster, provider, Some(shell.account.id), "/my-account").await {
        Ok((address, keys)) => {
            let mut response = show(&LinkPage { address, ..LinkPage::new(shell, &muster, FieldErrors::new()) })?;
            keys.attach(&mut response, muster.config.is_https())?;
            Ok(response)
        }
        Err(NotIn::Refused(refused)) => see_other_with("/my-account", &Flash::danger(refused.sentence())),
        Err(NotIn::Failed(error)) => Err(error),
    }
}

/// They are back.
pub(super) async fn link(
    req: &HttpRequest,
    muster: &Muster,
    who: SignedIn,
    claims: Claims,
) -> Result<HttpResponse, NotIn> {
    let Some(provider) = muster.openid.as_ref() else { return Err(AppError::NotFound.into()) };
    let linked = store(req, muster, who, identity(provider.config(), &claims)).await;
    if matches!(linked, Err(NotIn::Refused(_))) {
        note(req, muster, None).await?;
    }
    linked?;
    let text =
        "Your organisation’s sign-in is linked: it signs you in from now on. All your other sessions have ended.";
    Ok(see_other_with("/my-account", &Flash::success(text))?)
}

async fn store(req: &HttpRequest, muster: &Muster, who: SignedIn, identity: Identity) -> Result<(), NotIn> {
    let (organisation, now, address) = (muster.organisation.get().name.clone(), muster.clock.now(), address(req));
    muster
        .db
        .write(move |conn: &mut PgConnection| {
            let found = Credentials::of(conn, who.id)?.ok_or(Refused::Disabled)?;
            if !found.hold(conn)? {
                return Err(Refused::Disabled.into());
            }
            if identity.account(conn)?.is_some_and(|owner| owner != who.id) {
                return Err(Refused::Another.into());
            }
            // one of each provider: another takes the place of the one before
            identities::unlink(conn, who.id, &identity.issuer)?;
            identity.link(conn, who.id, now)?;
            end_sessions(conn, who.id, Some(who.session))?;
            let what = "Your organisation’s sign-in was linked to your account. All other sessions have ended.";
            Notice::changed(&organisation, what).to(&who.email, now).insert(conn)?;
            let subject = Subject::new("account", who.id, who.email.clone());
            let change = Change { action: "sign-in linked", before: None, after: None };
            Ok(audit::append(conn, &who.actor().from(&address), now, &subject, &change)?)
        })
        .await
}

//! Someone comes back from the provider: with a code that stands for them, or with a no.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Query, block};
use serde::Deserialize;

use super::arrive::{self, Step};
use super::attempt::{self, Attempt, Keys};
use super::claims::Claims;
use super::link;
use super::provider::Provider;
use super::refused::{NotIn, Refused};
use crate::Muster;
use crate::error::AppError;
use crate::sessions::pending::Pending;
use crate::sessions::{Device, SignedIn, second_factor};
use crate::web::{Flash, PageResult, see_other, see_other_with};

/// Where the provider sends people back to.
pub const PATH: &str = "/sign-in/openid/callback";

/// What the provider says in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    code: String,
    state: String,
    error: String,
    /// Who answers, where it says so (RFC 9207).
    iss: String,
}

/// `GET /sign-in/openid/callback`
pub async fn show(req: HttpRequest, muster: Data<Muster>, session: Session, answer: Query<Answer>) -> PageResult {
    let provider = muster.openid.clone().ok_or(AppError::NotFound)?;
    let (https, who) = (muster.config.is_https(), SignedIn::of(&session));
    let (attempt, keys) = match take(&req, &muster, &answer, who.as_ref()).await {
        Ok(taken) => taken,
        Err(not_in) => return turned_away(not_in, false, https),
    };
    let links = attempt.account_id.is_some();
    let person = person(&muster, provider, answer.into_inner(), keys).await;
    let outcome = match (person, who.filter(|_| links)) {
        (Err(refused), _) => {
            arrive::note(&req, &muster, None).await?;
            Err(refused.into())
        }
        (Ok(claims), Some(who)) => link::link(&req, &muster, who, claims).await,
        (Ok(claims), None) => sign_in(&req, &muster, &session, (claims, &attempt.next)).await,
    };
    let mut response = match outcome {
        Ok(response) => response,
        Err(not_in) => return turned_away(not_in, links, https),
    };
    Keys::remove(&mut response, https)?;
    Ok(response)
}

/// The attempt that this answers, used up by it. One that links is only for whoever began it, still signed in.
async fn take(
    req: &HttpRequest,
    muster: &Muster,
    answer: &Answer,
    who: Option<&SignedIn>,
) -> Result<(Attempt, Keys), NotIn> {
    let keys = Keys::of(req, muster.config.is_https()).filter(|keys| keys.is_state(&answer.state));
    let keys = keys.ok_or(Refused::Over)?;
    let (now, asked) = (muster.clock.now(), keys.clone());
    let taken = muster.db.write(move |conn| -> Result<_, NotIn> { Ok(attempt::take(conn, &asked, now)?) }).await?;
    let own = |attempt: &Attempt| attempt.account_id.is_none() || attempt.account_id == who.map(|who| who.id);
    taken.filter(own).map(|attempt| (attempt, keys)).ok_or(Refused::Over.into())
}

/// Whom the code stands for.
async fn person(muster: &Muster, provider: Provider, answer: Answer, keys: Keys) -> Result<Claims, Refused> {
    if !answer.iss.is_empty() && answer.iss != provider.config().issuer.as_str() {
        return Err(Refused::invalid("another provider answered"));
    }
    if !answer.error.is_empty() || answer.code.is_empty() {
        let error: String = answer.error.chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
        tracing::info!(error, "the OpenID Connect provider let someone not in");
        return Err(Refused::Denied);
    }
    let now = muster.clock.now();
    block(move || provider.person(answer.code, &keys, now)).await.map_err(Refused::invalid)?
}

async fn sign_in(
    req: &HttpRequest,
    muster: &Muster,
    session: &Session,
    (claims, next): (Claims, &str),
) -> Result<actix_web::HttpResponse, NotIn> {
    match arrive::arrive(req, muster, claims).await? {
        Step::Arrived(arrival) => Ok(arrival.lead(muster, session, next)?),
        Step::SecondFactor(key) => {
            let mut response = see_other(second_factor::PATH)?;
            Pending::attach(&mut response, &key, next, muster.config.is_https())?;
            Ok(response)
        }
    }
}

fn turned_away(not_in: NotIn, links: bool, https: bool) -> PageResult {
    match not_in {
        NotIn::Refused(refused) => {
            let page = if links { "/my-account" } else { "/sign-in" };
            let mut response = see_other_with(page, &Flash::danger(refused.sentence()))?;
            if refused != Refused::Over {
                Keys::remove(&mut response, https)?;
            }
            Ok(response)
        }
        NotIn::Failed(error) => Err(error),
    }
}

/// From where.
pub(super) fn address(req: &HttpRequest) -> String {
    Device::of(req).address
}

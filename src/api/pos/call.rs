//! One request of a till: with which key, from where, when.

use actix_web::dev::Payload;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use diesel::PgConnection;
use std::future::{Ready, ready};

use super::refused::problem;
use crate::api::idempotency::{Answer, Once};
use crate::api::{ApiError, ApiKey, Caller};
use crate::error::AppError;
use crate::serve::Muster;
use crate::tills::{Refused, Till};
use crate::web::Address;

/// Taken by every endpoint of tills.
pub struct Call {
    req: HttpRequest,
    muster: Data<Muster>,
    key: ApiKey,
}

/// What the work comes to: told as JSON with this status, or refused.
pub type Outcome = Result<Result<Answer, Refused>, ApiError>;

impl Call {
    fn till(&self, name: String) -> Till {
        Till {
            key_id: self.key.id,
            shop: self.key.shop.clone(),
            name,
            address: Address::of(&self.req).0,
            now: self.muster.clock.now(),
            organisation: self.muster.organisation.get(),
        }
    }

    /// Does the work in one transaction, once for each Idempotency-Key. A refusal is committed like any answer, with
    /// what is recorded of it.
    pub async fn once(
        self,
        body: &Bytes,
        till: String,
        work: impl FnOnce(&mut PgConnection, &Till) -> Outcome + Send + 'static,
    ) -> Result<HttpResponse, ApiError> {
        let till = self.till(till);
        let once = Once::of(&self.req, Caller::Key(self.key.id), body, till.now)?;
        let answer = self.muster.db.write(move |conn| once.run(conn, |conn| told(work(conn, &till)?, &till)));
        answer.await.map(Answer::into_response)
    }

    /// The same for what changes nothing that would be done twice.
    pub async fn each_time(
        self,
        till: String,
        work: impl FnOnce(&mut PgConnection, &Till) -> Outcome + Send + 'static,
    ) -> Result<HttpResponse, ApiError> {
        let till = self.till(till);
        let answer = self.muster.db.write(move |conn| told(work(conn, &till)?, &till));
        answer.await.map(Answer::into_response)
    }

    /// For what is only read.
    pub async fn read(
        self,
        work: impl FnOnce(&mut PgConnection, &Till) -> Outcome + Send + 'static,
    ) -> Result<HttpResponse, ApiError> {
        let till = self.till(String::new());
        let answer = self.muster.db.read(move |conn| told(work(conn, &till)?, &till));
        answer.await.map(Answer::into_response)
    }
}

fn told(outcome: Result<Answer, Refused>, till: &Till) -> Result<Answer, ApiError> {
    outcome.or_else(|refused| Answer::problem(&problem(&refused, &till.organisation)))
}

impl FromRequest for Call {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let muster = req.app_data::<Data<Muster>>().cloned().ok_or_else(|| AppError::internal("no Muster").into());
        let key = ApiKey::from_request(req, payload).into_inner();
        ready(muster.and_then(|muster| Ok(Self { req: req.clone(), muster, key: key? })))
    }
}

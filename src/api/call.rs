//! One request of an API: who asks, from where, when, and how it is answered.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde::Serialize;

use super::idempotency::{Answer, Once};
use super::{ApiError, ApiResult, Caller, etag};
use crate::error::AppError;
use crate::serve::Muster;
use crate::settings::Organisation;
use crate::web::Address;

/// Taken by endpoints; `Who` passed the guard.
pub struct Call<Who> {
    /// The request.
    pub req: HttpRequest,
    /// What is running.
    pub muster: Data<Muster>,
    who: Who,
}

/// What work is done for.
#[derive(Clone)]
pub struct Asked<Who> {
    /// Who asks.
    pub who: Who,
    /// From where.
    pub address: String,
    /// When.
    pub now: DateTime<Utc>,
    /// Its name, zone, currency.
    pub organisation: Arc<Organisation>,
}

/// Who can be told from others.
pub trait Known {
    /// For what is kept per caller.
    fn caller(&self) -> Caller;
}

impl<Who: Known + Clone + Send + 'static> Call<Who> {
    /// What work is done for.
    pub fn asked(&self) -> Asked<Who> {
        Asked {
            who: self.who.clone(),
            address: Address::of(&self.req).0,
            now: self.muster.clock.now(),
            organisation: self.muster.organisation.get(),
        }
    }

    /// What is read, as JSON with its ETag; 304 to who has it already.
    pub async fn read<T: Serialize + Send + 'static>(
        self,
        work: impl FnOnce(&mut PgConnection, &Asked<Who>) -> Result<T, ApiError> + Send + 'static,
    ) -> ApiResult {
        let asked = self.asked();
        let value = self.muster.db.read(move |conn| work(conn, &asked)).await?;
        etag::read(&self.req, &value)
    }

    /// Does the work in one transaction.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection, &Asked<Who>) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let asked = self.asked();
        self.muster.db.write(move |conn| work(conn, &asked)).await
    }

    /// The same, once for each Idempotency-Key; `body` as it came.
    pub async fn once(
        &self,
        body: &Bytes,
        work: impl FnOnce(&mut PgConnection, &Asked<Who>) -> Result<Answer, ApiError> + Send + 'static,
    ) -> ApiResult {
        let asked = self.asked();
        let once = Once::of(&self.req, asked.who.caller(), body, asked.now)?;
        let answer = self.muster.db.write(move |conn| once.run(conn, |conn| work(conn, &asked)));
        answer.await.map(Answer::into_response)
    }
}

impl<Who: FromRequest<Error = ApiError, Future = Ready<Result<Who, ApiError>>>> FromRequest for Call<Who> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let muster = req.app_data::<Data<Muster>>().cloned().ok_or_else(|| AppError::internal("no Muster").into());
        let who = Who::from_request(req, payload).into_inner();
        ready(muster.and_then(|muster| Ok(Self { req: req.clone(), muster, who: who? })))
    }
}

impl Known for super::ApiKey {
    fn caller(&self) -> Caller {
        Caller::Key(self.id)
    }
}

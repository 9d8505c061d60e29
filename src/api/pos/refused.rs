//! A refusal as a problem document.

use crate::api::ApiError;
use crate::api::FieldProblem;
use crate::settings::Organisation;
use crate::tills::Refused;

/// With the code that it is about, where there were several.
pub(super) fn problem(refused: &Refused, organisation: &Organisation) -> ApiError {
    let Refused { refusal, place } = refused;
    let sentence = refusal.sentence(organisation);
    let mut error = ApiError::new(refusal.status(), refusal.code(), refusal.title(), sentence.clone());
    error.retry_after = refusal.wait();
    error.problem.errors =
        place.iter().map(|place| FieldProblem::new(format!("codes/{place}"), sentence.clone())).collect();
    error
}

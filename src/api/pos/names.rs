//! Values that tills send.

use crate::api::FieldProblem;

/// Codes of one reservation.
pub(super) const MOST_CODES: usize = 20;
/// Characters of a code as sent, spaces and dashes with it.
const MAX_CODE: usize = 200;
const MAX_TILL: usize = 80;

/// The till's name for itself.
pub(super) fn till(sent: Option<String>, wrong: &mut Vec<FieldProblem>) -> String {
    let till = sent.unwrap_or_default().trim().to_owned();
    if till.chars().count() > MAX_TILL || till.chars().any(char::is_control) {
        wrong.push(FieldProblem::new("till", "Use at most 80 characters on one line."));
    }
    till
}

/// A code or a card.
pub(super) fn code(field: &str, sent: String, wrong: &mut Vec<FieldProblem>) -> String {
    if sent.trim().is_empty() {
        wrong.push(FieldProblem::new(field, "Send a code."));
    } else if sent.chars().count() > MAX_CODE {
        wrong.push(FieldProblem::new(field, "Send at most 200 characters."));
    }
    sent
}

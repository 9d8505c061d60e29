//! Every `code` that a problem document may have: the table of the documentation. `ApiError::new` takes no other.

/// A kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemCode {
    /// Stable, for programs.
    pub code: &'static str,
    /// HTTP status that it comes with.
    pub status: u16,
    /// What it means, and what to do.
    pub meaning: &'static str,
}

const fn told(code: &'static str, status: u16, meaning: &'static str) -> ProblemCode {
    ProblemCode { code, status, meaning }
}

/// All, by status.
pub const ALL: &[ProblemCode] = &[
    told("bad_request", 400, "The request cannot be read: no JSON, a wrong Content-Type, a broken header or query."),
    told(
        "unauthorized",
        401,
        "No key or token, or one that does not work any more. A member’s app refreshes its token.",
    ),
    told("refresh_token_unknown", 401, "The refresh token is over, or was never given out. Sign in again."),
    told(
        "refresh_token_reused",
        401,
        "A refresh token came back that was exchanged before, so it may have been stolen. This sign-in is over; sign in again.",
    ),
    told("forbidden", 403, "The key is for another use (tills, back office, reading only)."),
    told("shop_not_allowed", 403, "The campaign is for other shops."),
    told("not_found", 404, "There is no such thing, or it is not the caller’s."),
    told("code_unknown", 404, "No code has this text."),
    told("member_card_unknown", 404, "No member has this card."),
    told("wrong_method", 405, "The address is there, but not for this method; Allow says for which."),
    told("in_app_validation_not_allowed", 409, "The code is for the till, not for the app."),
    told(
        "campaign_not_active",
        409,
        "Not begun, over, paused, held, cancelled, expired for this member, or another weekday or hour.",
    ),
    told("group_not_active", 409, "The group has not begun, or is over: nobody joins or leaves it."),
    told("not_a_receiver", 409, "Another member’s, withdrawn, not for this member, or the member is blocked."),
    told("code_needed", 409, "The group is joined by a code: send it to /codes."),
    told("code_used_up", 409, "No use is left, in all or for this member; what a till has reserved counts."),
    told(
        "codes_not_made",
        409,
        "This campaign takes no more codes: it has one code, personal or imported ones, is not published, or cancelled.",
    ),
    told("member_conflict", 409, "Two rows or two members stand in each other’s way: read the detail."),
    told("reservation_ended", 409, "The reservation ended by itself."),
    told("reservation_cancelled", 409, "The reservation was cancelled."),
    told("reservation_validated", 409, "The reservation was validated."),
    told("already_reversed", 409, "The validation was reversed before."),
    told("reversal_too_late", 409, "Later than Settings → General allows."),
    told("precondition_failed", 412, "It is not as If-Match or If-None-Match asks. Read it again first."),
    told("too_large", 413, "More was sent than is taken."),
    told("invalid", 422, "Values are wrong; errors says which and what to do."),
    told("sign_in_code_wrong", 422, "The one-time code is wrong, too old or used already."),
    told("idempotency_key_reused", 422, "This Idempotency-Key was used for another request."),
    told("too_many_attempts", 429, "Too many wrong codes. Retry-After says how long to wait."),
    told("too_many_requests", 429, "Too many requests. Retry-After says how long to wait."),
    told("internal", 500, "Our fault; nothing was done. Tell the administrator the number in detail."),
];

/// Whether a code is one of them.
pub fn is_known(code: &str) -> bool {
    ALL.iter().any(|known| known.code == code)
}

/// The part of an address that leads to a code's line in the documentation.
pub fn anchor(code: &str) -> String {
    format!("problem-{}", code.replace('_', "-"))
}

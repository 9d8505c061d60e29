//! Where a message stands, and what it is for: as stored, as shown.

/// Key, words and tone of each state, in the order of its life.
pub const STATES: [(&str, &str, &str); 10] = [
    ("queued", "Queued", "info"),
    ("sending", "Sending", "info"),
    ("outbox", "In the Outbox", "info"),
    ("sent", "Sent", "info"),
    ("accepted", "Accepted", "good"),
    ("bounced", "Bounced", "stop"),
    ("failed", "Failed", "stop"),
    ("uncertain", "Uncertain", "warn"),
    ("skipped", "Skipped", "quiet"),
    ("withdrawn", "Withdrawn", "quiet"),
];

/// Key and words of each purpose.
pub const PURPOSES: [(&str, &str); 5] = [
    ("coupon", "Coupon"),
    ("reminder", "Reminder"),
    ("sign_in", "Sign-in code"),
    ("test", "Test"),
    ("staff", "To staff"),
];

/// Words and tone of a state; what is not known is shown as it is.
pub fn state(key: &str) -> Option<(&'static str, &'static str)> {
    STATES.iter().find(|(known, ..)| *known == key).map(|(_, words, tone)| (*words, *tone))
}

/// Words of a purpose.
pub fn purpose(key: &str) -> Option<&'static str> {
    PURPOSES.iter().find(|(known, _)| *known == key).map(|(_, words)| *words)
}

//! What happened to a code, in words.

/// "Used in the app", "Refused at a till: no uses left".
pub(super) fn words(kind: &str, outcome: &str) -> String {
    match (kind, outcome) {
        ("used", "app") => "Used in the app".into(),
        ("used", _) => "Used at a till".into(),
        ("back", _) => "Use reversed".into(),
        ("held", _) => "Reserved by a till".into(),
        ("let_go", _) => "Reservation cancelled".into(),
        ("ran_out", _) => "Reservation ran out unused".into(),
        ("given", "app") => "Handed to the member, in the app".into(),
        ("given", _) => "Handed to the member".into(),
        ("sent", "sms") => "Sent by SMS".into(),
        ("sent", "email") => "Sent by e-mail".into(),
        ("sent", _) => "Sent".into(),
        ("withdrawn", _) => "Withdrawn from the member".into(),
        ("made", "imported") => "Imported".into(),
        ("made", _) => "Made".into(),
        ("tried", "already_member") => "Nothing used up: already in the group".into(),
        ("tried", code) => format!("Refused: {}", reason(code)),
        ("till", _) => till(outcome),
        _ => outcome.to_owned(),
    }
}

fn till(outcome: &str) -> String {
    let (act, code) = outcome.split_once(' ').unwrap_or(("", outcome));
    let what = match act {
        "look_up" if code == "ok" => return "Looked up at a till".into(),
        "look_up" => "Not shown to a till",
        "cancel" => "Not cancelled by a till",
        "reverse" => "Not reversed by a till",
        _ => "Refused at a till",
    };
    format!("{what}: {}", reason(code))
}

/// Why, by the problem's code.
fn reason(code: &str) -> String {
    let known = match code {
        "too_many_attempts" => "too many wrong codes in a short time",
        "code_unknown" => "no such code",
        "in_app_validation_not_allowed" => "the campaign does not allow in-app validation",
        "campaign_not_active" => "the campaign was not active",
        "group_not_active" => "the group was not active",
        "not_a_receiver" => "not a receiver",
        "code_used_up" => "no uses left",
        other => return other.replace('_', " "),
    };
    known.to_owned()
}

/// The colour of its sign.
pub(super) fn tone(kind: &str, outcome: &str) -> &'static str {
    match (kind, outcome) {
        ("used", _) => "good",
        ("given" | "sent" | "held", _) => "info",
        ("made" | "back" | "let_go" | "ran_out", _) | ("tried", "already_member") | ("till", "look_up ok") => "quiet",
        _ => "stop",
    }
}

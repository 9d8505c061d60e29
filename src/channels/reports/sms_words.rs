//! How each gateway words what happened.

use super::fields::Fields;
use super::report::{Event, Report};
use crate::channels::sms::Preset;

/// The report in what a gateway sent; none: it says nothing that we know.
pub fn read(preset: Preset, fields: &Fields) -> Option<Report> {
    let text = |name: &str| fields.get(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let (event, ids, reason) = match preset {
        Preset::Kannel => (kannel(&text("status")?)?, vec![text("id")?], text("answer")),
        Preset::Twilio => {
            let ids: Vec<String> =
                [text("MessageSid").or_else(|| text("SmsSid")), text("id")].into_iter().flatten().collect();
            let code = text("ErrorCode").filter(|code| code != "0").map(|code| format!("Error {code}"));
            let reason = [text("ErrorMessage"), code].into_iter().flatten().collect::<Vec<_>>().join(", ");
            let status = text("MessageStatus").or_else(|| text("SmsStatus"))?;
            (words(&status)?, ids, Some(reason))
        }
        Preset::Generic => (words(&text("status")?)?, vec![text("id")?], text("reason")),
    };
    let reason = reason.unwrap_or_default();
    (!ids.is_empty()).then_some(Report { ids, event, reason })
}

/// Whether it names a message and a status, known or not.
pub fn is_report(preset: Preset, fields: &Fields) -> bool {
    let has = |names: &[&str]| names.iter().any(|name| fields.get(name).is_some_and(|text| !text.trim().is_empty()));
    match preset {
        Preset::Twilio => has(&["MessageSid", "SmsSid", "id"]) && has(&["MessageStatus", "SmsStatus"]),
        Preset::Kannel | Preset::Generic => has(&["id"]) && has(&["status"]),
    }
}

/// Kannel's codes: 1 delivered, 2 failed, 4 buffered, 8 accepted by the SMSC, 16 rejected by it.
fn kannel(code: &str) -> Option<Event> {
    match code {
        "1" => Some(Event::Delivered),
        "2" | "16" => Some(Event::Bounced),
        "4" | "8" => Some(Event::Taken),
        _ => None,
    }
}

/// Twilio's words, those of SMPP, and what others call it.
fn words(status: &str) -> Option<Event> {
    match status.to_ascii_lowercase().as_str() {
        "delivered" | "delivrd" | "read" | "received" | "success" => Some(Event::Delivered),
        "undelivered" | "undeliverable" | "undeliv" | "failed" | "bounced" | "rejected" | "rejectd" | "expired"
        | "deleted" | "canceled" => Some(Event::Bounced),
        "accepted" | "acceptd" | "scheduled" | "queued" | "sending" | "sent" | "buffered" | "enroute" => {
            Some(Event::Taken)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(query: &[(&str, &str)]) -> Fields {
        let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Fields { query, body: Vec::new() }
    }

    fn event(preset: Preset, pairs: &[(&str, &str)]) -> Option<Event> {
        read(preset, &fields(pairs)).map(|report| report.event)
    }

    #[test]
    fn kannel_speaks_in_codes() {
        let of = |code| event(Preset::Kannel, &[("id", "k"), ("status", code)]);
        let (delivered, bounced, taken) = (Some(Event::Delivered), Some(Event::Bounced), Some(Event::Taken));
        assert_eq!(["1", "2", "4", "8", "16"].map(of), [delivered, bounced, taken, taken, bounced]);
        assert_eq!(of("3"), None);
        assert_eq!(event(Preset::Kannel, &[("status", "1")]), None);
    }

    #[test]
    fn twilio_speaks_in_words() {
        let said = [("MessageSid", "SM1"), ("MessageStatus", "undelivered"), ("ErrorCode", "30003"), ("id", "k")];
        let report = read(Preset::Twilio, &fields(&said));
        let expected =
            Report { ids: vec!["SM1".into(), "k".into()], event: Event::Bounced, reason: "Error 30003".into() };
        assert_eq!(report, Some(expected));
        for status in ["queued", "sent"] {
            assert_eq!(event(Preset::Twilio, &[("MessageSid", "SM1"), ("MessageStatus", status)]), Some(Event::Taken));
        }
        assert_eq!(event(Preset::Twilio, &[("MessageStatus", "sent")]), None);
    }

    #[test]
    fn others_are_understood_where_they_can_be() {
        assert_eq!(event(Preset::Generic, &[("id", "1"), ("status", "DELIVRD")]), Some(Event::Delivered));
        assert_eq!(event(Preset::Generic, &[("id", "1"), ("status", "?")]), None);
    }
}

//! The report in words: name and value, in the order in which they are shown.

use chrono::Duration;

use super::{Estimate, Report};
use crate::campaigns::Campaign;
use crate::campaigns::pos_words::counted;
use crate::campaigns::test_send::message_channel;
use crate::channels::MessageChannel;
use crate::settings::Organisation;
use crate::web::filters::grouped;

/// A line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub name: &'static str,
    /// How many, and why.
    pub words: String,
    /// Whether something should be done about it.
    pub is_trouble: bool,
}

/// All lines.
pub fn of(report: &Report, campaign: &Campaign, organisation: &Organisation) -> Vec<Line> {
    let channel = message_channel(campaign);
    let mut lines = vec![
        plain("Receivers", grouped(report.receivers)),
        plain("Messages", messages(report, channel)),
        plain("Left out", left_out(report, channel)),
    ];
    if channel == Some(MessageChannel::Sms) {
        lines.push(plain("SMS parts", parts(report)));
    }
    if channel == Some(MessageChannel::Push) {
        lines.push(plain("Not told", not_told(report)));
    }
    if channel.is_some() {
        lines.push(placeholders(report));
    }
    if report.missing_codes > 0 {
        let words = format!("None for {}", counted(report.missing_codes, "receiver"));
        lines.push(Line { name: "Codes", words, is_trouble: true });
    }
    if let Some(estimate) = &report.estimate {
        lines.extend(times(estimate, report, campaign, organisation));
    }
    lines.retain(|line| !line.words.is_empty());
    lines
}

fn plain(name: &'static str, words: String) -> Line {
    Line { name, words, is_trouble: false }
}

fn messages(report: &Report, channel: Option<MessageChannel>) -> String {
    match channel {
        None => "None: the coupon shows in the app".to_owned(),
        Some(_) => grouped(report.messages),
    }
}

fn listed(parts: &[(i64, &str)]) -> String {
    let words = parts.iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("{} {why}", grouped(*count)));
    words.collect::<Vec<_>>().join(", ")
}

fn left_out(report: &Report, channel: Option<MessageChannel>) -> String {
    let (no_address, no_consent) = match channel {
        Some(MessageChannel::Sms | MessageChannel::Email) => (report.no_address, report.no_consent),
        _ => (0, 0),
    };
    let address =
        if channel == Some(MessageChannel::Sms) { "without a phone number" } else { "without an e-mail address" };
    let words = listed(&[
        (report.excluded, "excluded"),
        (report.blocked, "blocked"),
        (no_address, address),
        (no_consent, "without consent"),
    ]);
    if words.is_empty() { "Nobody".to_owned() } else { words }
}

fn not_told(report: &Report) -> String {
    let words = listed(&[(report.no_consent, "without push consent"), (report.no_device, "without a device")]);
    if words.is_empty() { "Nobody".to_owned() } else { format!("{words}; they find the coupon in the app") }
}

fn parts(report: &Report) -> String {
    let kinds = listed(&[(report.gsm7.parts, "in GSM-7"), (report.ucs2.parts, "in UCS-2")]);
    match (report.gsm7.parts, report.ucs2.parts) {
        (0, 0) => "0".to_owned(),
        (_, 0) | (0, _) => kinds,
        _ => format!("{}: {kinds}", grouped(report.parts())),
    }
}

fn placeholders(report: &Report) -> Line {
    let words = match report.placeholders.as_slice() {
        [] => "None without a value".to_owned(),
        all => format!("{} stands in every message as it is", all.join(", ")),
    };
    Line { name: "Placeholders", words, is_trouble: !report.placeholders.is_empty() }
}

fn times(estimate: &Estimate, report: &Report, campaign: &Campaign, organisation: &Organisation) -> Vec<Line> {
    let mut lines = Vec::new();
    if campaign.times.quiet_from.is_some() {
        let words = match estimate.waiting {
            0 => "Nobody waits".to_owned(),
            waiting => format!("{} wait until they are over", counted(waiting, "message")),
        };
        lines.push(plain("Quiet hours", words));
    }
    if estimate.too_late > 0 {
        let words =
            format!("{} would come after the coupon’s end and are not sent", counted(estimate.too_late, "message"));
        lines.push(Line { name: "Too late", words, is_trouble: true });
    }
    if report.messages == 0 {
        return lines;
    }
    let speed = match estimate.rate {
        _ if !estimate.is_on => "; the channel is off, so all goes to the Outbox".to_owned(),
        Some(rate) => format!(" at {} a second", counted(rate, "message")),
        None => ", or as quickly as the provider takes them: the channel has no rate".to_owned(),
    };
    match estimate.ends_at {
        Some(end) => {
            lines.push(plain("Duration", format!("About {}{speed}", length(end - estimate.begins_at))));
            lines.push(plain("Expected end", organisation.moment(end)));
        }
        None => lines.push(Line { name: "Duration", words: format!("More than 60 days{speed}"), is_trouble: true }),
    }
    lines
}

/// "3 s", "12 min", "2 h 5 min", "3 days".
fn length(time: Duration) -> String {
    let (hours, minutes) = (time.num_hours(), time.num_minutes() % 60);
    match time.num_seconds() {
        0..=90 => format!("{} s", time.num_seconds().max(1)),
        91..=5399 => format!("{} min", (time.num_seconds() + 30) / 60),
        5400..=172_799 => format!("{hours} h {minutes} min"),
        _ => format!("{} days", time.num_days()),
    }
}

//! A message as an e-mail: plain text and HTML, with the headers that mail programs act on.

use askama::Template;
use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};

use super::settings::SmtpSettings;
use crate::channels::transport::Outgoing;
use crate::settings::{Organisation, stylesheet};

#[derive(Template)]
#[template(path = "channels/email/message.html")]
struct MailPage<'a> {
    message: &'a Outgoing,
    organisation: &'a Organisation,
    subject: String,
    foreground: &'static str,
    paragraphs: Vec<Vec<Piece<'a>>>,
    ends: Option<String>,
}

/// A part of a paragraph.
enum Piece<'a> {
    Text(&'a str),
    Link(&'a str),
    LineEnd,
}

/// Who it goes to, as mail servers take it: the domain in ASCII.
pub fn recipient(message: &Outgoing) -> Result<Address, String> {
    address(&message.recipient)
}

/// An address with its domain in ASCII.
pub fn address(text: &str) -> Result<Address, String> {
    let wrong = || format!("{text} is not an e-mail address");
    let (name, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    let domain = idna::domain_to_ascii(domain).map_err(|_| wrong())?;
    Address::new(name, domain).map_err(|_| wrong())
}

/// The text to send: ASCII, whatever was written.
pub fn mail(message: &Outgoing, settings: &SmtpSettings, organisation: &Organisation) -> Result<String, String> {
    let organisation = &organisation.speaking(message.language);
    let sender = address(&settings.sender_address)?;
    let name = if settings.sender_name.is_empty() { &organisation.name } else { &settings.sender_name };
    let key: String = message.key.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut builder = Message::builder()
        .message_id(Some(format!("<{key}@{}>", sender.domain())))
        .date_now()
        .from(Mailbox::new(Some(one_line(name)), sender))
        .to(Mailbox::new(None, recipient(message)?))
        .subject(one_line(&message.subject));
    if let Some(reply_to) = &settings.reply_to {
        builder = builder.reply_to(Mailbox::new(None, address(reply_to)?));
    }
    let mut mail = builder
        .multipart(MultiPart::alternative_plain_html(plain(message, organisation), html(message, organisation)?))
        .map_err(|error| error.to_string())?;
    match &message.unsubscribe {
        Some(url) if url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>') => {
            raw(&mut mail, HeaderName::new_from_ascii_str("List-Unsubscribe"), format!("<{url}>"));
            let one_click = "List-Unsubscribe=One-Click".to_owned();
            raw(&mut mail, HeaderName::new_from_ascii_str("List-Unsubscribe-Post"), one_click);
        }
        Some(_) => {}
        // a code that was asked for: no holiday notice shall answer
        None => raw(&mut mail, HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()),
    }
    String::from_utf8(mail.formatted()).map_err(|error| error.to_string())
}

/// A header that needs no encoding and must not be folded within a word.
fn raw(mail: &mut Message, name: HeaderName, value: String) {
    mail.headers_mut().insert_raw(HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value));
}

/// A header is one line, whatever was typed.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

fn plain(message: &Outgoing, organisation: &Organisation) -> String {
    let mut text = message.body.trim_end().to_owned();
    if let Some(link) = message.link.as_deref().filter(|link| !message.body.contains(*link)) {
        text.push_str(&format!("\n\nOpen the coupon: {link}"));
    }
    if let Some(end) = message.ends_at.filter(|_| message.link.is_some()) {
        text.push_str(&format!("\n\nValid until {}", organisation.end(end)));
    }
    text.push_str(&format!("\n\n-- \n{}", organisation.name));
    if let Some(url) = &message.unsubscribe {
        text.push_str(&format!("\nNo more of these e-mails: {url}"));
    }
    text.push('\n');
    text
}

fn html(message: &Outgoing, organisation: &Organisation) -> Result<String, String> {
    let ends = message.ends_at.filter(|_| message.link.is_some()).map(|end| organisation.end(end));
    let foreground = stylesheet::foreground(&organisation.colour);
    let paragraphs = paragraphs(&message.body, message.link.as_deref());
    let subject = one_line(&message.subject);
    let page = MailPage { message, organisation, subject, foreground, paragraphs, ends };
    page.render().map_err(|error| error.to_string())
}

fn paragraphs<'a>(body: &'a str, link: Option<&'a str>) -> Vec<Vec<Piece<'a>>> {
    let mut paragraphs: Vec<Vec<Piece>> = vec![Vec::new()];
    for line in body.trim().lines() {
        if line.trim().is_empty() {
            paragraphs.push(Vec::new());
            continue;
        }
        let Some(paragraph) = paragraphs.last_mut() else { continue };
        if !paragraph.is_empty() {
            paragraph.push(Piece::LineEnd);
        }
        let mut parts = match link {
            Some(link) if !link.is_empty() => line.split(link).collect::<Vec<_>>(),
            _ => vec![line],
        }
        .into_iter();
        paragraph.extend(parts.next().map(Piece::Text));
        for part in parts {
            paragraph.extend([Piece::Link(link.unwrap_or_default()), Piece::Text(part)]);
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use chrono::{TimeZone, Utc};
    use proptest::prelude::*;

    use super::super::settings::SmtpTyped;
    use super::*;
    use crate::settings::organisation::DateLanguage;

    fn settings() -> SmtpSettings {
        let typed =
            SmtpTyped { host: "localhost".into(), sender_address: "shop@example.com".into(), ..SmtpTyped::default() };
        typed.parse().unwrap()
    }

    fn organisation() -> Organisation {
        Organisation {
            name: "Café <Muster>".into(),
            colour: "#ffdd00".into(),
            date_language: DateLanguage::De,
            ..Organisation::default()
        }
    }

    fn coupon() -> Outgoing {
        Outgoing {
            id: 7,
            key: "0123abcd".into(),
            member: None,
            recipient: "mia@bücher.example".into(),
            sender: String::new(),
            subject: "Dein Gutschein über 5 €".into(),
            body: "Hallo <b>Mia</b>,\nhier ist er: https://x.example/c/1\n\nBis bald".into(),
            link: Some("https://x.example/c/1".into()),
            picture: Some("https://x.example/pictures/1".into()),
            unsubscribe: Some("https://x.example/c/1/unsubscribe".into()),
            language: None,
            ends_at: Some(Utc.with_ymd_and_hms(2026, 12, 24, 23, 0, 0).unwrap()),
        }
    }

    fn headers(text: &str) -> String {
        text.split_once("\r\n\r\n").unwrap().0.replace("\r\n ", " ")
    }

    #[test]
    fn headers_say_from_whom_and_how_to_end_it() {
        let headers = headers(&mail(&coupon(), &settings(), &organisation()).unwrap());
        for line in [
            "Message-ID: <0123abcd@example.com>",
            "To: mia@xn--bcher-kva.example",
            "List-Unsubscribe: <https://x.example/c/1/unsubscribe>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "MIME-Version: 1.0",
        ] {
            assert!(headers.lines().any(|found| found == line), "{line} in\n{headers}");
        }
        assert!(headers.contains("Content-Type: multipart/alternative") && headers.contains("\r\nDate: "));
        assert!(!headers.contains("Auto-Submitted") && headers.contains("From: ") && headers.is_ascii());
    }

    #[test]
    fn a_sign_in_code_is_answered_by_no_holiday_notice() {
        let code = Outgoing { link: None, unsubscribe: None, ends_at: None, picture: None, ..coupon() };
        let headers = headers(&mail(&code, &settings(), &organisation()).unwrap());
        assert!(headers.contains("Auto-Submitted: auto-generated") && !headers.contains("List-Unsubscribe"));
    }

    #[test]
    fn dates_speak_the_members_language_where_it_is_known() {
        let message = Outgoing { language: Some(DateLanguage::Fr), ..coupon() };
        let text = mail(&message, &settings(), &organisation()).unwrap();
        assert!(text.contains("lang=3D\"fr\"") || text.contains("lang=\"fr\""), "{text}");
        assert!(text.contains("24 d=C3=A9c. 2026") || text.contains("24 déc. 2026"), "{text}");
    }

    #[test]
    fn html_escapes_what_was_typed_and_dates_speak_the_organisations_language() {
        let html = html(&coupon(), &organisation()).unwrap();
        assert!(!html.contains("<b>") && html.contains("&#60;b&#62;Mia"), "{html}");
        assert!(html.contains("24 Dez 2026") && html.contains("color:#000"), "{html}");
        assert_eq!(html.matches("href=\"https://x.example/c/1\"").count(), 2);
        let plain = plain(&coupon(), &organisation());
        assert_eq!(plain.matches("https://x.example/c/1\n").count(), 1);
        assert!(plain.contains("Valid until 24 Dez 2026"));
    }

    proptest! {
        #[test]
        fn no_text_becomes_a_header(subject: String, name: String, key: String, body: String, evil in "[a-z]{0,5}\r?\nBcc: x@example.com\r?\n\r?\n") {
            for (subject, name) in [(subject, evil.clone()), (evil, name)] {
                let message = Outgoing { subject, key: key.clone(), body: body.clone(), ..coupon() };
                let settings = SmtpSettings { sender_name: name, ..settings() };
                let text = mail(&message, &settings, &organisation()).unwrap();
                let headers = headers(&text);
                let known = ["Message-ID", "Date", "From", "To", "Subject", "MIME-Version", "Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post"];
                for line in headers.split("\r\n").filter(|line| !line.starts_with('\t')) {
                    prop_assert!(known.contains(&line.split(':').next().unwrap()), "{:?}", line);
                }
                prop_assert!(text.is_ascii());
            }
        }
    }
}

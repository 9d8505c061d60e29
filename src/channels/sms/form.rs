//! The form of Settings → Channels → **SMS**.

use serde::Deserialize;
use ureq::http::Uri;

use super::sender::Sender;
use super::settings::{BodyKind, Method, Preset, SmsSecret, SmsSettings};
use super::{generic, template};
use crate::channels::pace_form;
use crate::channels::stored::{Pace, StoredChannel};
use crate::web::FieldErrors;
use crate::web::text::{Line, Paragraphs};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SmsForm {
    pub is_on: String,
    pub preset: String,
    pub url: String,
    pub user: String,
    pub account_sid: String,
    pub password: String,
    pub remove_password: String,
    pub sender: String,
    pub smsc: String,
    pub messaging_service: String,
    pub unsigned: String,
    /// Not "method": that would hide the form’s own from scripts.
    pub http_method: String,
    pub body_kind: String,
    pub headers: String,
    pub body: String,
    pub accepted: String,
    pub id_path: String,
    pub rate: String,
    pub connections: String,
    pub new_hook: String,
}

impl SmsForm {
    /// What is stored.
    pub fn of(stored: &StoredChannel) -> Self {
        let settings: SmsSettings = stored.settings();
        let is_twilio = settings.preset == Preset::Twilio;
        let accepted = if settings.accepted.is_empty() { "200-299".into() } else { settings.accepted };
        Self {
            is_on: pace_form::tick(stored.is_on),
            preset: settings.preset.key().into(),
            url: settings.url,
            user: if is_twilio { String::new() } else { settings.user.clone() },
            account_sid: if is_twilio { settings.user } else { String::new() },
            sender: settings.sender,
            smsc: settings.smsc,
            messaging_service: settings.messaging_service,
            unsigned: pace_form::tick(settings.unsigned),
            http_method: settings.method.key().into(),
            body_kind: settings.body_kind.key().into(),
            headers: settings.headers,
            body: settings.body,
            accepted,
            id_path: settings.id_path,
            rate: pace_form::rate_text(stored.rate),
            connections: stored.connections.to_string(),
            ..Self::default()
        }
    }

    /// Valid values, or all that is wrong.
    pub fn parse(&self, before: &SmsSecret) -> Result<(Pace, SmsSettings, SmsSecret), FieldErrors> {
        let mut errors = FieldErrors::new();
        let preset = errors.take("preset", Preset::parse(&self.preset).ok_or("Choose a gateway"));
        let mut settings = SmsSettings { preset: preset.unwrap_or_default(), ..SmsSettings::default() };
        match preset {
            Some(Preset::Kannel) => self.kannel(&mut settings, &mut errors),
            Some(Preset::Twilio) => self.twilio(&mut settings, &mut errors),
            Some(Preset::Generic) => self.generic(&mut settings, &mut errors),
            None => {}
        }
        settings.url = errors.take("url", address(&self.url, settings.preset)).unwrap_or_default();
        let password = pace_form::secret(&before.password, &self.password, &self.remove_password);
        match preset {
            Some(Preset::Kannel | Preset::Twilio) if password.is_empty() => {
                errors.add("password", "Enter the password or token that the gateway asks for");
            }
            _ if password.chars().any(char::is_control) => errors.add("password", "Leave out line breaks and tabs"),
            _ => {}
        }
        let sender = errors.take("sender", Sender::parse(&self.sender));
        let sender = sender.flatten().map(|sender| sender.as_str().to_owned()).unwrap_or_default();
        if sender.is_empty() && settings.messaging_service.is_empty() && errors.on("sender").is_none() {
            errors.add("sender", "Enter a number, or a name of at most 11 characters");
        }
        settings.sender = sender;
        match pace_form::parse(&self.is_on, &self.rate, &self.connections, &mut errors) {
            Some(pace) if errors.is_empty() => Ok((pace, settings, SmsSecret { password, hook: before.hook.clone() })),
            _ => Err(errors),
        }
    }

    fn kannel(&self, settings: &mut SmsSettings, errors: &mut FieldErrors) {
        let user = Line::required(&self.user, 100, "Enter the user that Kannel knows");
        settings.user = errors.take("user", user).unwrap_or_default();
        settings.smsc = errors.take("smsc", optional(&self.smsc)).unwrap_or_default();
    }

    fn twilio(&self, settings: &mut SmsSettings, errors: &mut FieldErrors) {
        let sid = Line::required(&self.account_sid, 100, "Enter the Account SID, which begins with AC");
        settings.user = errors.take("account_sid", sid).unwrap_or_default();
        let service = optional(&self.messaging_service);
        settings.messaging_service = errors.take("messaging_service", service).unwrap_or_default();
        settings.unsigned = self.unsigned == "on";
    }

    fn generic(&self, settings: &mut SmsSettings, errors: &mut FieldErrors) {
        let method = errors.take("http_method", Method::parse(&self.http_method).ok_or("Choose a method"));
        settings.method = method.unwrap_or_default();
        if settings.method != Method::Get {
            let kind = errors.take("body_kind", BodyKind::parse(&self.body_kind).ok_or("Choose what the body is"));
            settings.body_kind = kind.unwrap_or_default();
            settings.body = errors.take("body", body(&self.body, settings.body_kind)).unwrap_or_default();
        }
        settings.headers = errors.take("headers", headers(&self.headers)).unwrap_or_default();
        let accepted = self.accepted.trim().to_owned();
        let known = generic::ranges(&accepted).map(|_| accepted).ok_or("Enter statuses like 200-299 or 200, 202");
        settings.accepted = errors.take("accepted", known).unwrap_or_default();
        settings.id_path = errors.take("id_path", optional(&self.id_path)).unwrap_or_default();
    }

    /// Whether a box is ticked.
    pub fn ticked(&self) -> bool {
        self.is_on == "on"
    }
}

fn optional(raw: &str) -> Result<String, String> {
    Line::parse(raw, 200).map(Option::unwrap_or_default)
}

/// What fills a template to see whether it holds.
fn sample() -> template::Values {
    let text = || "a\"b\\c".to_owned();
    let (to, from, id) = ("+4915112345678".to_owned(), "Muster".to_owned(), "0-0".to_owned());
    template::Values { to, from, text: text(), id, callback: "https://example.com/x".to_owned(), secret: text() }
}

fn known(template: &str) -> Result<(), String> {
    match template::unknown(template) {
        None => Ok(()),
        Some(name) => {
            Err(format!("There is no {name}. Use {{to}}, {{from}}, {{text}}, {{id}}, {{callback}}, {{secret}}"))
        }
    }
}

fn address(raw: &str, preset: Preset) -> Result<String, String> {
    let url = Line::required(raw, 2000, "Enter the gateway’s address, beginning with https:// or http://")?;
    let filled = if preset == Preset::Generic {
        known(&url)?;
        template::fill(&url, &sample(), template::Escape::Percent)
    } else {
        url.clone()
    };
    let uri: Uri = filled.parse().map_err(|_| "Enter a whole address, without blanks".to_owned())?;
    let scheme = uri.scheme_str().unwrap_or_default();
    let Some(authority) = uri.authority().filter(|_| matches!(scheme, "http" | "https")) else {
        return Err("Begin the address with https:// or http://".to_owned());
    };
    if authority.as_str().contains('@') {
        return Err("Leave user and password out of the address: they have fields of their own".to_owned());
    }
    let host_is_fixed = preset != Preset::Generic || !host_of(&url).contains('{');
    if host_is_fixed {
        Ok(url)
    } else {
        Err("Leave the host as it is: no text may choose where messages go".to_owned())
    }
}

fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn headers(raw: &str) -> Result<String, String> {
    let Some(lines) = Paragraphs::parse(raw, 4000)? else { return Ok(String::new()) };
    known(&lines)?;
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let (name, value) =
            line.split_once(':').ok_or_else(|| format!("Write each header as Name: value, not “{line}”"))?;
        let (name, value) = (name.trim(), value.trim());
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) || name.is_empty() {
            return Err(format!("“{name}” is no header’s name"));
        }
        if name.eq_ignore_ascii_case("authorization") && !value.contains("{secret}") {
            return Err("Write {secret} in place of the key, and the key into the field Password or token".to_owned());
        }
        if ["host", "content-length", "transfer-encoding", "connection"]
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own))
        {
            return Err(format!("Leave out {name}: it is set by itself"));
        }
    }
    Ok(lines)
}

fn body(raw: &str, kind: BodyKind) -> Result<String, String> {
    let body = Paragraphs::required(raw, 8000, "Enter the body, with {to} and {text} in it")?;
    known(&body)?;
    match kind {
        BodyKind::Json => {
            let filled = template::fill(&body, &sample(), template::Escape::Json);
            let is_json = serde_json::from_str::<serde_json::Value>(&filled).is_ok();
            if is_json {
                Ok(body)
            } else {
                Err("This is no JSON. Put quotes around the placeholders: \"{text}\"".to_owned())
            }
        }
        BodyKind::Form => Ok(body.replace('\n', "")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn typed(preset: &str) -> SmsForm {
        SmsForm {
            preset: preset.into(),
            url: "https://sms.example.com/send".into(),
            user: "muster".into(),
            account_sid: "AC1".into(),
            password: "p".into(),
            sender: "Muster".into(),
            http_method: "POST".into(),
            body_kind: "json".into(),
            body: r#"{"to": "{to}", "text": "{text}"}"#.into(),
            accepted: "200-299".into(),
            connections: "1".into(),
            ..SmsForm::default()
        }
    }

    fn wrong(form: SmsForm) -> Vec<String> {
        let errors = form.parse(&SmsSecret::default()).err().unwrap();
        errors.iter().map(|error| error.field.clone()).collect()
    }

    #[test]
    fn each_gateway_keeps_its_own_fields() {
        let stored = |preset| typed(preset).parse(&SmsSecret::default()).unwrap().1;
        assert_eq!((stored("kannel").user, stored("kannel").body), ("muster".into(), String::new()));
        assert_eq!((stored("twilio").user, stored("twilio").accepted), ("AC1".into(), String::new()));
        assert_eq!((stored("generic").user, stored("generic").accepted), (String::new(), "200-299".into()));
    }

    #[test]
    fn addresses_are_http_without_credentials() {
        for url in
            ["", "sms.example.com", "ftp://x", "https://u:p@x/", "https:///x", "http://x y/", "file:///etc/passwd"]
        {
            assert_eq!(wrong(SmsForm { url: url.into(), ..typed("kannel") }), ["url"], "{url}");
        }
        assert_eq!(wrong(SmsForm { url: "https://{to}/".into(), ..typed("generic") }), ["url"]);
        assert!(SmsForm { url: "http://x/?to={to}".into(), ..typed("generic") }.parse(&SmsSecret::default()).is_ok());
    }

    #[test]
    fn templates_are_checked() {
        for body in ["", "{\"to\": {to}}", "{\"to\": \"{phone}\"}", "not json"] {
            assert_eq!(wrong(SmsForm { body: body.into(), ..typed("generic") }), ["body"], "{body}");
        }
        for headers in ["X", "Authorization: Bearer abc", "Host: x", "A b: c", "X: {key}"] {
            assert_eq!(wrong(SmsForm { headers: headers.into(), ..typed("generic") }), ["headers"], "{headers}");
        }
        assert_eq!(wrong(SmsForm { accepted: "2xx".into(), ..typed("generic") }), ["accepted"]);
    }

    #[test]
    fn a_sender_or_a_service_is_needed() {
        assert_eq!(wrong(SmsForm { sender: String::new(), ..typed("twilio") }), ["sender"]);
        let service = SmsForm { sender: String::new(), messaging_service: "MG1".into(), ..typed("twilio") };
        assert!(service.parse(&SmsSecret::default()).is_ok());
        assert_eq!(wrong(SmsForm { password: String::new(), ..typed("kannel") }), ["password"]);
    }
}

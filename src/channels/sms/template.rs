//! Templates of the generic gateway: `{to}` and its like are replaced in one pass, escaped for the place they stand in,
//! so that no text of a message can change the request around it.

/// The placeholders there are.
pub const NAMES: [&str; 6] = ["to", "from", "text", "id", "callback", "secret"];

/// What stands for the placeholders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// The receiver's number.
    pub to: String,
    /// The sender.
    pub from: String,
    /// The message.
    pub text: String,
    /// The same for every attempt at this message.
    pub id: String,
    /// Where to report to.
    pub callback: String,
    /// What is stored sealed.
    pub secret: String,
}

/// How a value is written where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// In an address, or in form fields: percent-encoded.
    Percent,
    /// Inside the quotes of JSON.
    Json,
    /// In a header: as it is, without what would end the line.
    Header,
}

impl Values {
    fn of(&self, name: &str) -> Option<&str> {
        Some(match name {
            "to" => &self.to,
            "from" => &self.from,
            "text" => &self.text,
            "id" => &self.id,
            "callback" => &self.callback,
            "secret" => &self.secret,
            _ => return None,
        })
    }
}

/// The template with the values in it; braces around anything else stay.
pub fn fill(template: &str, values: &Values, escape: Escape) -> String {
    let mut out = String::with_capacity(template.len() + values.text.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}').and_then(|(name, tail)| Some((values.of(name)?, tail))) {
            Some((value, tail)) => {
                out.push_str(&escape.apply(value));
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

/// A placeholder that there is not, as "{phone}"; none: all are known.
pub fn unknown(template: &str) -> Option<String> {
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let name: String = after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if !name.is_empty() && after[name.len()..].starts_with('}') && !NAMES.contains(&name.as_str()) {
            return Some(format!("{{{name}}}"));
        }
        rest = after;
    }
    None
}

impl Escape {
    fn apply(self, value: &str) -> String {
        match self {
            Self::Percent => percent(value),
            Self::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
            Self::Header => value.chars().filter(|c| !c.is_control()).collect(),
        }
    }
}

/// All but letters, digits and `-._~`.
pub fn percent(value: &str) -> String {
    let mut out = String::with_capacity(value.len() * 3 / 2);
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte.into());
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    fn text(text: &str) -> Values {
        Values { text: text.into(), to: "+49151".into(), secret: "s3cret".into(), ..Values::default() }
    }

    #[test]
    fn each_place_has_its_escape() {
        let values = text("a \"b\" & {secret}\n=é");
        assert_eq!(
            fill("t={text}&to={to}", &values, Escape::Percent),
            "t=a%20%22b%22%20%26%20%7Bsecret%7D%0A%3D%C3%A9&to=%2B49151"
        );
        assert_eq!(fill(r#"{"t":"{text}"}"#, &values, Escape::Json), r#"{"t":"a \"b\" & {secret}\n=é"}"#);
        assert_eq!(fill("X: {text} {secret}", &values, Escape::Header), "X: a \"b\" & {secret}=é s3cret");
        assert_eq!(fill("{ {x} {to", &values, Escape::Json), "{ {x} {to");
    }

    #[test]
    fn unknown_names_are_found() {
        assert_eq!(unknown(r#"{"to": "{to}", "n": {}}"#), None);
        assert_eq!(unknown("{to} {phone}").as_deref(), Some("{phone}"));
        assert_eq!(unknown("{{tex}}").as_deref(), Some("{tex}"));
    }

    proptest! {
        #[test]
        fn a_text_never_leaves_its_string_in_json(said in any::<String>()) {
            let body = fill(r#"{"messages":[{"to":"{to}","text":"{text}"}]}"#, &text(&said), Escape::Json);
            let json: serde_json::Value = serde_json::from_str(&body).unwrap();
            prop_assert_eq!(json["messages"][0]["text"].as_str().unwrap(), said);
            prop_assert_eq!(json["messages"][0].as_object().unwrap().len(), 2);
        }

        #[test]
        fn a_text_never_leaves_its_field_in_a_form(said in any::<String>()) {
            let body = fill("to={to}&text={text}&k={secret}", &text(&said), Escape::Percent);
            let fields: Vec<(String, String)> = serde_html_form::from_str(&body).unwrap();
            let expected = [("to", "+49151"), ("text", &said), ("k", "s3cret")];
            prop_assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }

        #[test]
        fn a_text_never_ends_a_header(said in any::<String>()) {
            let filled = fill("X: {text}", &text(&said), Escape::Header);
            prop_assert!(!filled.contains(['\r', '\n', '\0']));
        }
    }
}

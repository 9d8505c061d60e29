//! A page as a person sees it: forms by their button, controls by their label.

use scraper::{ElementRef, Html, Selector};
use ureq::Body;
use ureq::http::Response;

use super::visitor::Visitor;

/// An answer.
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// All headers, lower case names.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub html: String,
    /// The body as it is.
    pub bytes: Vec<u8>,
    path: String,
    visitor: Visitor,
}

impl Page {
    pub(super) fn read(visitor: &Visitor, path: &str, mut response: Response<Body>) -> Self {
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let bytes = response.body_mut().with_config().limit(512 * 1024 * 1024).read_to_vec().unwrap();
        Self {
            status: response.status().as_u16(),
            location: headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.clone()),
            headers,
            html: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
            path: path.into(),
            visitor: visitor.clone(),
        }
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Opens the page a redirect leads to.
    pub fn follow(&self, visitor: &Visitor) -> Page {
        let location = self.location.as_deref();
        visitor.get(location.unwrap_or_else(|| panic!("no redirect but {}: {}", self.status, self.text())))
    }

    fn document(&self) -> Html {
        Html::parse_document(&self.html)
    }

    /// All text, blanks folded.
    pub fn text(&self) -> String {
        let document = self.document();
        let body = Selector::parse("body").unwrap();
        folded(document.select(&body).next().map(text_of).unwrap_or_default())
    }

    /// Whether the page shows this text.
    pub fn shows(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// The text of the first element that a CSS selector finds.
    pub fn text_at(&self, selector: &str) -> String {
        let document = self.document();
        let found = document.select(&Selector::parse(selector).unwrap()).next().map(text_of);
        folded(found.unwrap_or_else(|| panic!("no {selector} on {}", self.path)))
    }

    /// The texts of all elements that a CSS selector finds.
    pub fn texts_at(&self, selector: &str) -> Vec<String> {
        let document = self.document();
        document.select(&Selector::parse(selector).unwrap()).map(|element| folded(text_of(element))).collect()
    }

    /// The address behind the link with these words.
    pub fn link(&self, words: &str) -> String {
        let document = self.document();
        let links = Selector::parse("a[href]").unwrap();
        document
            .select(&links)
            .find(|link| folded(text_of(*link)) == words || link.attr("aria-label") == Some(words))
            .and_then(|link| link.attr("href"))
            .unwrap_or_else(|| panic!("no link {words:?} on {}: {}", self.path, self.text()))
            .to_owned()
    }

    /// Whether there is a link with these words.
    pub fn has_link(&self, words: &str) -> bool {
        let document = self.document();
        let links = Selector::parse("a[href]").unwrap();
        document.select(&links).any(|link| folded(text_of(link)) == words || link.attr("aria-label") == Some(words))
    }

    /// Whether there is a button with these words.
    pub fn has_button(&self, words: &str) -> bool {
        let document = self.document();
        let buttons = Selector::parse("button").unwrap();
        document.select(&buttons).any(|button| is_button(button, words))
    }

    /// Opens the link with these words.
    pub fn click(&self, words: &str) -> Page {
        self.visitor.get(&self.link(words))
    }

    /// The form that has this button.
    pub fn form(&self, button: &str) -> FormSheet {
        let document = self.document();
        let forms = Selector::parse("form").unwrap();
        let buttons = Selector::parse("button").unwrap();
        let form = document
            .select(&forms)
            .find(|form| form.select(&buttons).any(|found| is_button(found, button)))
            .unwrap_or_else(|| {
                panic!("no form with button {button:?} on {} ({}): {}", self.path, self.status, self.text())
            });
        let pressed = form.select(&buttons).find(|found| is_button(*found, button)).unwrap();
        let mut fields = fields_of(form);
        if let Some(name) = pressed.attr("name") {
            fields.push((name.into(), pressed.attr("value").unwrap_or_default().into()));
        }
        let own = pressed.attr("formaction").or(form.attr("action")).filter(|action| !action.is_empty());
        FormSheet {
            action: own.unwrap_or(&self.path).to_owned(),
            get: form.attr("method").is_none_or(|method| method.eq_ignore_ascii_case("get")),
            multipart: form.attr("enctype") == Some("multipart/form-data"),
            html: form.html(),
            fields,
            files: Vec::new(),
            visitor: self.visitor.clone(),
        }
    }

    /// The error at the control with this label.
    pub fn error_on(&self, label: &str) -> String {
        let document = self.document();
        let name = control(&document, label).name;
        let error = Selector::parse(&format!("#field-{name}-error, #error-{name}")).unwrap();
        folded(
            document
                .select(&error)
                .next()
                .map(text_of)
                .unwrap_or_else(|| panic!("no error on {label:?}: {}", self.text())),
        )
    }

    /// What the control with this label holds.
    pub fn value(&self, label: &str) -> String {
        control(&self.document(), label).value
    }

    /// What the control with this name holds, if there is one.
    pub fn value_of(&self, name: &str) -> Option<String> {
        let document = self.document();
        let control = Selector::parse(&format!("input[name='{name}'], textarea[name='{name}']")).unwrap();
        document.select(&control).next().map(|found| describe(found).value)
    }

    /// Whether the checkbox or radio button with this label is ticked.
    pub fn is_ticked(&self, label: &str) -> bool {
        control(&self.document(), label).checked
    }

    /// Whether there is a control with this label.
    pub fn has_control(&self, label: &str) -> bool {
        find_control(&self.document(), label).is_some()
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let document = self.document();
        let input = Selector::parse(&format!("input[type=hidden][name='{name}']")).unwrap();
        document
            .select(&input)
            .next()
            .and_then(|input| input.attr("value"))
            .unwrap_or_else(|| panic!("no hidden {name}"))
            .into()
    }
}

fn is_button(button: ElementRef<'_>, words: &str) -> bool {
    button.attr("aria-label") == Some(words) || folded(text_of(button)) == words
}

fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ")
}

fn folded(text: String) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a browser would send of a form left as it is.
fn fields_of(form: ElementRef<'_>) -> Vec<(String, String)> {
    let controls = Selector::parse("input[name], select[name], textarea[name]").unwrap();
    let options = Selector::parse("option").unwrap();
    let mut fields = Vec::new();
    for control in form.select(&controls).filter(|control| control.attr("disabled").is_none()) {
        let name = control.attr("name").unwrap_or_default().to_owned();
        match (control.value().name(), control.attr("type").unwrap_or("text")) {
            ("select", _) => {
                let all: Vec<_> = control.select(&options).collect();
                let chosen = all.iter().find(|option| option.attr("selected").is_some()).or(all.first());
                if let Some(option) = chosen {
                    fields.push((name, option.attr("value").map_or_else(|| folded(text_of(*option)), Into::into)));
                }
            }
            ("textarea", _) => fields.push((name, control.text().collect::<String>().trim_start_matches('\n').into())),
            (_, "checkbox" | "radio") if control.attr("checked").is_none() => {}
            (_, "file" | "submit" | "button") => {}
            (_, "checkbox" | "radio") => fields.push((name, control.attr("value").unwrap_or("on").into())),
            _ => fields.push((name, control.attr("value").unwrap_or_default().into())),
        }
    }
    fields
}

/// A control as its label names it.
#[derive(Debug, Clone)]
struct Control {
    name: String,
    kind: String,
    value: String,
    checked: bool,
    options: Vec<(String, String)>,
}

fn control(document: &Html, label: &str) -> Control {
    find_control(document, label).unwrap_or_else(|| panic!("no control {label:?}"))
}

/// By `<label for>`, a `<label>` around it, a `<legend>` of a group, or `aria-label`. The label's own text counts:
/// hints, errors and "(optional)" stand outside it or are dropped.
fn find_control(document: &Html, label: &str) -> Option<Control> {
    let labels = Selector::parse("label").unwrap();
    let inside = Selector::parse("input, select, textarea").unwrap();
    for found in document.select(&labels).filter(|found| names(*found, label)) {
        let element = match found.attr("for") {
            Some(id) => document.select(&Selector::parse(&format!("[id='{id}']")).unwrap()).next(),
            None => found.select(&inside).next(),
        };
        if let Some(element) = element {
            return Some(describe(element));
        }
    }
    let groups = Selector::parse("fieldset").unwrap();
    let legends = Selector::parse("legend").unwrap();
    for group in document.select(&groups) {
        if group.select(&legends).next().is_some_and(|legend| names(legend, label)) {
            let chosen = group.select(&inside).find(|input| input.attr("checked").is_some());
            return chosen.or_else(|| group.select(&inside).next()).map(describe);
        }
    }
    document.select(&inside).find(|input| input.attr("aria-label") == Some(label)).map(describe)
}

fn names(element: ElementRef<'_>, label: &str) -> bool {
    let all = folded(text_of(element));
    if all == label || all.strip_suffix("(optional)").is_some_and(|rest| rest.trim() == label) {
        return true;
    }
    // a label with a sentence under its words
    let first = Selector::parse(".choice-label, .form-check-label, strong, span").unwrap();
    element.select(&first).next().is_some_and(|words| folded(text_of(words)) == label)
}

fn describe(element: ElementRef<'_>) -> Control {
    let kind = match element.value().name() {
        "input" => element.attr("type").unwrap_or("text"),
        other => other,
    };
    let options = Selector::parse("option").unwrap();
    let options: Vec<_> = element
        .select(&options)
        .map(|option| {
            let words = folded(text_of(option));
            (words.clone(), option.attr("value").map_or(words, Into::into), option.attr("selected").is_some())
        })
        .collect();
    let chosen = options.iter().find(|(.., selected)| *selected).or(options.first()).map(|(_, value, _)| value.clone());
    Control {
        name: element.attr("name").unwrap_or_default().into(),
        kind: kind.into(),
        value: match kind {
            "select" => chosen.unwrap_or_default(),
            "textarea" => element.text().collect::<String>().trim_start_matches('\n').into(),
            "checkbox" | "radio" => element.attr("value").unwrap_or("on").into(),
            _ => element.attr("value").unwrap_or_default().into(),
        },
        checked: element.attr("checked").is_some(),
        options: options.into_iter().map(|(words, value, _)| (words, value)).collect(),
    }
}

/// A form being filled in.
#[derive(Clone)]
pub struct FormSheet {
    action: String,
    get: bool,
    multipart: bool,
    html: String,
    fields: Vec<(String, String)>,
    files: Vec<(String, Vec<u8>)>,
    visitor: Visitor,
}

impl FormSheet {
    fn control(&self, label: &str) -> Control {
        let document = Html::parse_fragment(&self.html);
        find_control(&document, label).unwrap_or_else(|| panic!("no control {label:?} in the form to {}", self.action))
    }

    fn set(&mut self, name: &str, value: &str) {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => field.1 = value.into(),
            None => self.fields.push((name.into(), value.into())),
        }
    }

    /// Types into the control with this label.
    pub fn fill(mut self, label: &str, value: &str) -> Self {
        let control = self.control(label);
        self.set(&control.name, value);
        self
    }

    /// Chooses an option of a select by its words, or the radio button with this label.
    pub fn choose(mut self, label: &str, option: &str) -> Self {
        let control = self.control(label);
        let value = control.options.iter().find(|(words, _)| words == option);
        let value =
            value.unwrap_or_else(|| panic!("no option {option:?} in {label:?}: {:?}", control.options)).1.clone();
        self.set(&control.name, &value);
        self
    }

    /// Ticks the checkbox, or chooses the radio button, with this label.
    pub fn tick(mut self, label: &str) -> Self {
        let control = self.control(label);
        if control.kind == "radio" {
            self.set(&control.name, &control.value);
        } else if !self.fields.contains(&(control.name.clone(), control.value.clone())) {
            self.fields.push((control.name, control.value));
        }
        self
    }

    /// Takes the tick off the checkbox with this label.
    pub fn untick(mut self, label: &str) -> Self {
        let control = self.control(label);
        self.fields.retain(|field| *field != (control.name.clone(), control.value.clone()));
        self
    }

    /// Chooses a file.
    pub fn attach(mut self, label: &str, bytes: Vec<u8>) -> Self {
        let control = self.control(label);
        self.files.push((control.name, bytes));
        self
    }

    /// Sends a field that the page does not offer.
    pub fn smuggle(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// The name and the kind of every control, each name once; files left out.
    pub fn controls(&self) -> Vec<(String, String)> {
        let document = Html::parse_fragment(&self.html);
        let all = Selector::parse("input[name], select[name], textarea[name]").unwrap();
        let mut controls: Vec<(String, String)> = Vec::new();
        for control in document.select(&all).map(describe).filter(|control| control.kind != "file") {
            if controls.iter().all(|(known, _)| *known != control.name) {
                controls.push((control.name, control.kind));
            }
        }
        controls
    }

    /// Presses the button.
    pub fn send(self) -> Page {
        let query = serde_html_form::to_string(&self.fields).unwrap();
        if self.get {
            let path = self.action.split('?').next().unwrap_or_default();
            return self.visitor.get(&format!("{path}?{query}"));
        }
        if !self.multipart {
            let fields: Vec<_> = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            return self.visitor.post(&self.action, &fields);
        }
        let boundary = "----muster-test-boundary";
        let mut body = Vec::new();
        for (name, value) in &self.fields {
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        for (name, bytes) in &self.files {
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        self.visitor.post_raw(&self.action, &format!("multipart/form-data; boundary={boundary}"), body)
    }
}

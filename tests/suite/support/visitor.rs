//! Someone with a browser: cookies, addresses, pages.

use std::net::SocketAddr;
use std::time::Duration;

use ureq::Agent;

use super::page::Page;

/// Keeps its cookies; clones are further tabs of the same browser.
#[derive(Clone)]
pub struct Visitor {
    agent: Agent,
    address: SocketAddr,
    /// Its Accept-Language.
    language: &'static str,
}

impl Visitor {
    /// With no cookies yet.
    pub fn new(address: SocketAddr) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Self { agent, address, language: "" }
    }

    /// The same browser, set to other languages.
    pub fn speaking(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What its browser would send as the Cookie header.
    pub fn cookies(&self) -> String {
        let jar = self.agent.cookie_jar_lock();
        let cookies: Vec<String> = jar.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
        cookies.join("; ")
    }

    /// Opens a page; redirects are shown, not followed.
    pub fn get(&self, path: &str) -> Page {
        Page::read(self, path, self.agent.get(self.url(path)).call().unwrap())
    }

    /// Asks with a method that no page uses.
    pub fn delete(&self, path: &str) -> Page {
        Page::read(self, path, self.agent.delete(self.url(path)).call().unwrap())
    }

    /// Opens a page with one more header, as a script would.
    pub fn get_with(&self, path: &str, header: &str, value: &str) -> Page {
        Page::read(self, path, self.agent.get(self.url(path)).header(header, value).call().unwrap())
    }

    /// Sends form fields as they are, whatever the page offers.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_html_form::to_string(fields).unwrap();
        let request = self.agent.post(self.url(path)).header("accept-language", self.language);
        let request = request.content_type("application/x-www-form-urlencoded");
        Page::read(self, path, request.send(body).unwrap())
    }

    /// Sends form fields with one more header, as a page elsewhere would make a browser do.
    pub fn post_with(&self, path: &str, fields: &[(&str, &str)], header: &str, value: &str) -> Page {
        let body = serde_html_form::to_string(fields).unwrap();
        let request = self.agent.post(self.url(path)).header(header, value);
        Page::read(self, path, request.content_type("application/x-www-form-urlencoded").send(body).unwrap())
    }

    /// Sends form fields as a script does that wants JSON back.
    pub fn post_json(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_html_form::to_string(fields).unwrap();
        let request = self.agent.post(self.url(path)).header("accept", "application/json");
        Page::read(self, path, request.content_type("application/x-www-form-urlencoded").send(body).unwrap())
    }

    /// Sends a body as it is.
    pub fn post_raw(&self, path: &str, content_type: &str, body: Vec<u8>) -> Page {
        Page::read(self, path, self.agent.post(self.url(path)).content_type(content_type).send(body).unwrap())
    }

    /// Sends form fields with the token of this visitor's forms, bypassing what the page offers.
    pub fn bypass(&self, path: &str, fields: &[(&str, &str)], token_from: &str) -> Page {
        let token = self.get(token_from).hidden("csrf");
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all)
    }
}

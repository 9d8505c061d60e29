//! Whatever is sent to any address: a page that says what is wrong, or stored as it is; never an error of ours.

mod access;
pub mod addresses;
mod bodies;
mod cookies;
mod fields;
mod forms;
mod hidden;
mod ids;
mod methods;
mod odd_bodies;
mod pictures;
mod queries;
pub mod world;

use crate::support::page::Page;

/// What no answer may be: an error of ours, a bare error without a sentence, or without the security headers.
pub fn wrong_answer(page: &Page) -> Option<String> {
    if page.status >= 500 {
        return Some(format!("{} {}", page.status, page.text()));
    }
    let headers = ["content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"];
    if let Some(missing) = headers.iter().find(|name| page.header(name).is_none()) {
        return Some(format!("{} without {missing}", page.status));
    }
    if page.status < 400 {
        return None;
    }
    let kind = page.header("content-type").unwrap_or_default();
    if kind.starts_with("application/problem+json") {
        let problem: serde_json::Value = serde_json::from_slice(&page.bytes).unwrap_or_default();
        let sentence = problem["detail"].as_str().is_some_and(|text| text.contains(' '));
        return (!sentence).then(|| format!("{} without a sentence: {}", page.status, page.html));
    }
    let says = kind.starts_with("text/html") && page.html.contains("<h1") && page.text().contains(' ');
    (!says).then(|| format!("{} is no page: {kind} {:.200}", page.status, page.html))
}

/// Fails with all that was found.
pub fn none(found: &[String]) {
    assert!(found.is_empty(), "{} problems:\n{}", found.len(), found.join("\n"));
}

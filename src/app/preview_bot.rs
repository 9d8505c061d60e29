//! Who opens a link only to draw a preview of it or to look for harm: not the person it was sent to.

use actix_web::HttpRequest;
use actix_web::http::header;

/// Parts of the names of such programs, in lower case.
const NAMES: [&str; 27] = [
    "bot",
    "crawl",
    "spider",
    "preview",
    "facebookexternalhit",
    "whatsapp",
    "telegram",
    "skypeuri",
    "slack",
    "discord",
    "viber",
    "embedly",
    "vkshare",
    "pinterest",
    "mastodon",
    "proofpoint",
    "barracuda",
    "mimecast",
    "safelinks",
    "google-read-aloud",
    "googleimageproxy",
    "yahoomailproxy",
    "curl/",
    "wget/",
    "python-",
    "go-http",
    "java/",
];

/// Whether this request is one of theirs, or a browser's guess at what may be opened next.
pub fn is_one(req: &HttpRequest) -> bool {
    let text = |name: &str| req.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let guessed = ["purpose", "sec-purpose", "x-purpose", "x-moz"].iter().any(|name| {
        let value = text(name).to_ascii_lowercase();
        value.contains("prefetch") || value.contains("prerender") || value.contains("preview")
    });
    let agent = text(header::USER_AGENT.as_str()).to_ascii_lowercase();
    // telephones of this make are no bots
    let agent = agent.replace("cubot", "");
    guessed || NAMES.iter().any(|name| agent.contains(name))
}

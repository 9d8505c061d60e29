//! The documentation as a page: everything in it comes from the document.

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::{HttpResponse, web::Data};
use askama::Template;
use serde_json::Value;

use super::call::Operation;
use super::document::document;
use crate::api::ApiResult;
use crate::api::etag;
use crate::api::problem_codes::{self, ProblemCode};
use crate::serve::Muster;
use crate::web::{PageResult, VisitorShell, show};

#[derive(Template)]
#[template(path = "api/docs.html")]
struct DocsPage {
    shell: VisitorShell,
    about: &'static str,
    version: &'static str,
    base: String,
    parts: Vec<Part>,
    codes: &'static [ProblemCode],
}

/// The calls of a tag.
struct Part {
    name: &'static str,
    anchor: String,
    about: &'static str,
    calls: Vec<Operation>,
}

/// `GET /api/docs`
pub async fn index(req: HttpRequest, muster: Data<Muster>) -> PageResult {
    let (document, base) = (document(), muster.config.public_url.clone());
    show(&DocsPage {
        shell: VisitorShell::without_session(&req),
        about: document["info"]["description"].as_str().unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION"),
        parts: parts(document, &base),
        base,
        codes: problem_codes::ALL,
    })
}

/// `GET /api/openapi.json`
pub async fn json(req: HttpRequest) -> ApiResult {
    let mut answer = etag::read(&req, document())?;
    answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-cache"));
    Ok::<HttpResponse, _>(answer)
}

fn parts(document: &'static Value, base: &str) -> Vec<Part> {
    let calls = |tag: &str| -> Vec<Operation> {
        let paths = document["paths"].as_object().into_iter().flatten();
        let all = paths.flat_map(|(path, methods)| {
            methods.as_object().into_iter().flatten().map(move |(method, told)| (path, method, told))
        });
        all.filter(|(.., told)| told["tags"][0] == tag)
            .map(|(path, method, told)| Operation::new(path, method, told, &document["components"], base))
            .collect()
    };
    let tags = document["tags"].as_array().into_iter().flatten();
    tags.filter_map(|tag| {
        let name = tag["name"].as_str()?;
        let anchor = name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-");
        Some(Part { name, anchor, about: tag["description"].as_str().unwrap_or_default(), calls: calls(name) })
    })
    .collect()
}

impl ProblemCode {
    /// The place of its line.
    fn anchor(&self) -> String {
        problem_codes::anchor(self.code)
    }
}

//! Static files: inside the program, at addresses that change with their content, compressed once.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, LazyLock, OnceLock, RwLock};

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::error::AppError;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// One name for this set of files: any change to any file gives all a new address.
static EDITION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    for name in names {
        if let Some(file) = Files::get(&name) {
            hash.update(name.as_bytes());
            hash.update(file.metadata.sha256_hash());
        }
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
});

#[derive(Default)]
struct Compressed {
    brotli: OnceLock<Vec<u8>>,
    gzip: OnceLock<Vec<u8>>,
}

static COMPRESSED: LazyLock<RwLock<HashMap<String, Arc<Compressed>>>> = LazyLock::new(RwLock::default);

/// The address of a static file, as "css/muster.css".
pub fn address(file: &str) -> String {
    format!("/static/{}/{file}", *EDITION)
}

/// `GET /static/{edition}/{file}`.
pub async fn file(req: HttpRequest, path: Path<(String, String)>) -> Result<HttpResponse, AppError> {
    let (edition, name) = path.into_inner();
    let file = Files::get(&name).ok_or(AppError::NotFound)?;
    let mut response = HttpResponse::Ok();
    let lasting = if edition == *EDITION { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.insert_header((header::CACHE_CONTROL, lasting));
    let mime = mime_of(&name);
    response.insert_header((header::CONTENT_TYPE, mime));
    if !(mime.starts_with("text/") || mime.contains("json") || mime.contains("svg") || mime.contains("javascript")) {
        return Ok(response
            .insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("identity")))
            .body(file.data.into_owned()));
    }
    response.insert_header((header::VARY, "Accept-Encoding"));
    let accepted = req.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let held = compressed(&name);
    if accepted.contains("br") {
        let bytes = held.brotli.get_or_init(|| brotli(&file.data));
        Ok(response.insert_header((header::CONTENT_ENCODING, "br")).body(bytes.clone()))
    } else if accepted.contains("gzip") {
        let bytes = held.gzip.get_or_init(|| gzip(&file.data));
        Ok(response.insert_header((header::CONTENT_ENCODING, "gzip")).body(bytes.clone()))
    } else {
        Ok(response.body(file.data.into_owned()))
    }
}

/// A static file's bytes, for those few that are served at an address of their own.
pub fn content(name: &str) -> Option<Vec<u8>> {
    Files::get(name).map(|file| file.data.into_owned())
}

/// `GET /favicon.ico`: browsers ask for it where a page names no icon.
pub async fn favicon() -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, address("favicon.svg"))).finish()
}

/// Debug builds read files from the folder, so what was compressed may be old: it is kept by content.
fn compressed(name: &str) -> Arc<Compressed> {
    let key = Files::get(name).map(|file| format!("{name} {:?}", file.metadata.sha256_hash())).unwrap_or_default();
    if let Some(held) = COMPRESSED.read().ok().and_then(|all| all.get(&key).cloned()) {
        return held;
    }
    match COMPRESSED.write() {
        Ok(mut all) => all.entry(key).or_default().clone(),
        Err(_) => Arc::default(),
    }
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
    match brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters) {
        Ok(_) => out,
        Err(_) => Vec::new(),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default()
}

fn mime_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}

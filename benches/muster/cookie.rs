use actix_web::cookie::{Cookie, CookieJar, Key};

/// What every server of the benchmark signs cookies with.
pub const SECRET: &str = "only for the benchmark, on this machine only";

/// The token of all forms.
pub const TOKEN: &str = "benchmark-token";

/// A session's cookie as the server would have set it.
pub fn signed(name: &'static str, key: &str) -> String {
    let mut jar = CookieJar::new();
    jar.signed_mut(&Key::derive_from(SECRET.as_bytes())).add(Cookie::new(name, key.to_owned()));
    jar.delta().next().unwrap().encoded().to_string()
}

use actix_web::cookie::{Cookie, CookieJar, Key};

/// What every server of the benchmark signs cookies with.
pub const SECRET: &str = "only for the benchmark, on this machine only";

/// The token of all forms.
pub const TOKEN: &str = "benchmark-token";

/// The cookie of a visitor who is not signed in, and the token of their forms.
pub fn visitor(key: &str) -> (String, String) {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(b"form token ");
    mac.update(key.as_bytes());
    (format!("muster_visitor={key}"), URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// A session's cookie as the server would have set it.
pub fn signed(name: &'static str, key: &str) -> String {
    let mut jar = CookieJar::new();
    jar.signed_mut(&Key::derive_from(SECRET.as_bytes())).add(Cookie::new(name, key.to_owned()));
    jar.delta().next().unwrap().encoded().to_string()
}

//! A small OpenID Connect provider: real HTTP, real signatures, and it can be told to lie.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::scratch;

pub const CLIENT: &str = "muster";
pub const SECRET: &str = "s3cret & more";

/// Two key pairs, made once: they take a while.
fn pairs() -> &'static [RsaKeyPair; 2] {
    static PAIRS: OnceLock<[RsaKeyPair; 2]> = OnceLock::new();
    PAIRS.get_or_init(|| {
        [0, 1].map(|n| {
            let file = scratch().folder.join(format!("openid-{n}.der"));
            let made = Command::new("openssl")
                .args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-outform", "DER", "-out"])
                .arg(&file)
                .output()
                .unwrap();
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
            let bytes = fs::read(&file).unwrap();
            // one version of openssl writes the one, another the other
            RsaKeyPair::from_pkcs8(&bytes).or_else(|_| RsaKeyPair::from_der(&bytes)).unwrap()
        })
    })
}

/// What it says of someone who was let in.
struct Grant {
    claims: Value,
    more: Value,
    challenge: String,
    back: String,
}

#[derive(Default)]
struct State {
    grants: HashMap<String, Grant>,
    /// By access token.
    people: HashMap<String, Value>,
}

/// The provider; it ends with the test process.
#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    state: Arc<Mutex<State>>,
    /// Which key signs and is shown.
    key: Arc<AtomicUsize>,
    /// The header of tokens, where it is another.
    header: Arc<Mutex<Option<Value>>>,
    away: Arc<AtomicBool>,
    /// Requests by path.
    pub asked: Arc<Mutex<Vec<String>>>,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Where a visitor is sent: the address's fields.
pub fn fields(address: &str) -> HashMap<String, String> {
    let query = address.split_once('?').unwrap().1;
    serde_html_form::from_str::<Vec<(String, String)>>(query).unwrap().into_iter().collect()
}

impl Provider {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let provider = Self {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            state: Arc::default(),
            key: Arc::default(),
            header: Arc::default(),
            away: Arc::default(),
            asked: Arc::default(),
        };
        let served = provider.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let served = served.clone();
                std::thread::spawn(move || served.serve(stream));
            }
        });
        provider
    }

    /// From now on it signs with another key, and shows only that.
    pub fn rotate(&self) {
        self.key.fetch_xor(1, Ordering::SeqCst);
    }

    /// Signs with one key while it shows the other.
    pub fn sign_with(&self, header: Option<Value>) {
        *self.header.lock().unwrap() = header;
    }

    pub fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    pub fn asked_for(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| *asked == path).count()
    }

    /// Lets someone in who was sent here: where they are sent back to. `change` makes the token's claims, which are good
    /// ones; `more` is what the userinfo endpoint adds.
    pub fn let_in(&self, address: &str, change: Value, more: Value) -> String {
        assert!(address.starts_with(&format!("{}/authorize?", self.issuer)), "{address}");
        let asked = fields(address);
        assert_eq!((&*asked["response_type"], &*asked["client_id"]), ("code", CLIENT));
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT, "sub": "person-1", "nonce": asked["nonce"], "iat": 1_795_514_400,
            "exp": 1_795_514_400 + 300, "email": "eva@example.com", "email_verified": true, "name": "Eva Eager",
        });
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let mut state = self.state.lock().unwrap();
        let code = format!("code-{}", state.grants.len());
        let back = asked["redirect_uri"].clone();
        let grant = Grant { claims, more, challenge: asked["code_challenge"].clone(), back: back.clone() };
        state.grants.insert(code.clone(), grant);
        let path = back.split_once("//").unwrap().1.split_once('/').unwrap().1;
        let query = serde_html_form::to_string([("code", code), ("state", asked["state"].clone())]).unwrap();
        format!("/{path}?{query}")
    }

    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut stream = stream;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            let mut headers = HashMap::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                let Some((name, value)) = line.trim_end().split_once(':') else { break };
                headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
            let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            self.asked.lock().unwrap().push(path.clone());
            let (status, answer) = self.answer(&path, &headers, &String::from_utf8(body).unwrap());
            let answer = answer.to_string();
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            if stream.write_all(format!("{head}{answer}").as_bytes()).is_err() {
                return;
            }
        }
    }

    fn answer(&self, path: &str, headers: &HashMap<String, String>, body: &str) -> (&'static str, Value) {
        if self.away.load(Ordering::SeqCst) {
            return ("503 Away", json!({}));
        }
        match path {
            "/.well-known/openid-configuration" => ("200 OK", self.metadata()),
            "/keys" => ("200 OK", self.keys()),
            "/token" => self.token(headers, body),
            "/userinfo" => {
                let token = headers["authorization"].strip_prefix("Bearer ").unwrap();
                self.state
                    .lock()
                    .unwrap()
                    .people
                    .get(token)
                    .map_or(("401 No", json!({})), |told| ("200 OK", told.clone()))
            }
            _ => ("404 No", json!({})),
        }
    }

    fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
            "userinfo_endpoint": at("/userinfo"), "jwks_uri": at("/keys"), "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
        })
    }

    fn keys(&self) -> Value {
        let place = self.key.load(Ordering::SeqCst);
        let public = PublicKeyComponents::<Vec<u8>>::from(pairs()[place].public());
        let key = json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": format!("key-{place}"), "n": text(&public.n), "e": text(&public.e),
        });
        json!({ "keys": [key] })
    }

    fn token(&self, headers: &HashMap<String, String>, body: &str) -> (&'static str, Value) {
        let no = |why: &str| ("400 No", json!({ "error": "invalid_grant", "error_description": why }));
        let given = headers.get("authorization").and_then(|value| value.strip_prefix("Basic "));
        let expected = STANDARD.encode(format!("{CLIENT}:{}", "s3cret+%26+more"));
        if given != Some(&expected) {
            return no("client");
        }
        let sent: HashMap<String, String> =
            serde_html_form::from_str::<Vec<(String, String)>>(body).unwrap().into_iter().collect();
        let mut state = self.state.lock().unwrap();
        // a code works once
        let Some(grant) = state.grants.insert(
            sent["code"].clone(),
            Grant { claims: Value::Null, more: Value::Null, challenge: String::new(), back: String::new() },
        ) else {
            return no("no such code");
        };
        if sent["redirect_uri"] != grant.back || text(&Sha256::digest(&sent["code_verifier"])) != grant.challenge {
            return no("proof");
        }
        let access = format!("access-{}", state.people.len());
        let mut told = grant.more.clone();
        if told["sub"].is_null() {
            told["sub"] = grant.claims["sub"].clone();
        }
        state.people.insert(access.clone(), told);
        (
            "200 OK",
            json!({ "access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": self.signed(&grant.claims) }),
        )
    }

    fn signed(&self, claims: &Value) -> String {
        let place = self.key.load(Ordering::SeqCst);
        let own = json!({ "alg": "RS256", "typ": "JWT", "kid": format!("key-{place}") });
        let header = self.header.lock().unwrap().clone().unwrap_or(own);
        let message = format!("{}.{}", text(header.to_string().as_bytes()), text(claims.to_string().as_bytes()));
        let signature = match header["alg"].as_str() {
            Some("none") => Vec::new(),
            Some("HS256") => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
                ring::hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
            _ => {
                // by a key that is not the one that is shown
                let place = if header["forged"] == true { 1 - place } else { place };
                let pair = &pairs()[place];
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
                signature
            }
        };
        format!("{message}.{}", text(&signature))
    }
}

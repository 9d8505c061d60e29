//! An authenticator made of a key pair: it answers as a browser would, and as one that cheats.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::visitor::Visitor;

/// A key, and what it says of the world.
pub struct Key {
    pair: EcdsaKeyPair,
    random: SystemRandom,
    pub id: Vec<u8>,
    pub origin: String,
    pub count: u32,
    /// Whether it knows the person.
    pub verified: bool,
}

pub fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Key {
    pub fn new(origin: &str, id: u8) -> Self {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, made.as_ref(), &random).unwrap();
        Self { pair, random, id: vec![id; 16], origin: origin.into(), count: 0, verified: true }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin }).to_string().into_bytes()
    }

    fn data(&self, made: bool) -> Vec<u8> {
        let flags = 1 | if self.verified { 4 } else { 0 } | if made { 64 } else { 0 };
        [&Sha256::digest(b"localhost")[..], &[flags], &self.count.to_be_bytes()].concat()
    }

    /// The attestation object of a new key.
    pub fn attestation(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        let cose = [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", &point[1..33], b"\x22\x58\x20", &point[33..]].concat();
        let size = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [&self.data(true)[..], &[0; 16], &size, &self.id, &cose].concat();
        let length = u8::try_from(data.len()).unwrap();
        [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", &[length][..], &data].concat()
    }

    /// The fields of a form that adds it.
    pub fn made(&self, asked: &Value) -> Vec<(&'static str, String)> {
        let client = self.client_data("webauthn.create", asked["challenge"].as_str().unwrap());
        vec![("client_data", text(&client)), ("attestation", text(&self.attestation()))]
    }

    /// The fields of a form that signs in with it.
    pub fn answer(&self, asked: &Value) -> Vec<(&'static str, String)> {
        let client = self.client_data("webauthn.get", asked["challenge"].as_str().unwrap());
        let data = self.data(false);
        let message = [&data[..], &Sha256::digest(&client)[..]].concat();
        let signature = self.pair.sign(&self.random, &message).unwrap();
        vec![
            ("credential", text(&self.id)),
            ("client_data", text(&client)),
            ("authenticator_data", text(&data)),
            ("signature", text(signature.as_ref())),
        ]
    }
}

/// Posts form fields with the visitor's own token.
pub fn post(visitor: &Visitor, from: &str, path: &str, fields: &[(&str, String)]) -> crate::support::page::Page {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visitor.bypass(path, &fields, from)
}

/// What the server asks a key for.
pub fn asked(visitor: &Visitor, from: &str, path: &str, fields: &[(&str, String)]) -> Value {
    let page = post(visitor, from, path, fields);
    assert_eq!(page.status, 200, "{}", page.text());
    serde_json::from_slice(&page.bytes).unwrap()
}

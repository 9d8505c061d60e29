//! Public keys as COSE writes them (RFC 9053), and what they signed.

use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};

use super::Invalid;
use super::cbor::Value;

/// Algorithms, the preferred one first, as they are offered to the browser.
pub const ALGORITHMS: [i64; 3] = [ES256, EDDSA, RS256];

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;

/// A key that can check a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoseKey {
    /// ECDSA on P-256 with SHA-256: the point, uncompressed.
    Es256(Vec<u8>),
    /// Ed25519.
    EdDsa(Vec<u8>),
    /// RSA of 2048 bits and more with SHA-256, PKCS #1.
    Rs256 { n: Vec<u8>, e: Vec<u8> },
}

impl CoseKey {
    /// Reads a key, with nothing after it.
    pub fn read(bytes: &[u8]) -> Result<Self, Invalid> {
        let (map, rest) = Value::read(bytes)?;
        if !rest.is_empty() {
            return Err(Invalid("something after the key"));
        }
        Self::of(&map)
    }

    /// Of a map that was read.
    pub fn of(map: &Value) -> Result<Self, Invalid> {
        let number = |at: i64| map.at(at).and_then(Value::number);
        let bytes = |at: i64, size: usize| {
            let found = map.at(at).and_then(Value::bytes).filter(|bytes| size == 0 || bytes.len() == size);
            found.map(<[u8]>::to_vec).ok_or(Invalid("a part of the key is missing"))
        };
        match (number(1), number(3), number(-1)) {
            (Some(2), Some(ES256), Some(1)) => Ok(Self::Es256([vec![4], bytes(-2, 32)?, bytes(-3, 32)?].concat())),
            (Some(1), Some(EDDSA), Some(6)) => Ok(Self::EdDsa(bytes(-2, 32)?)),
            (Some(3), Some(RS256), None) => Ok(Self::Rs256 { n: bytes(-1, 0)?, e: bytes(-2, 0)? }),
            _ => Err(Invalid("a key of another kind")),
        }
    }

    /// Whether it signed this.
    pub fn has_signed(&self, message: &[u8], signed: &[u8]) -> bool {
        match self {
            Self::Es256(point) => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, point).verify(message, signed)
            }
            Self::EdDsa(key) => UnparsedPublicKey::new(&signature::ED25519, key).verify(message, signed),
            Self::Rs256 { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signed)
            }
        }
        .is_ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};

    fn es256(point: &[u8]) -> Vec<u8> {
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", &point[1..33], b"\x22\x58\x20", &point[33..]].concat()
    }

    #[test]
    fn each_kind_of_key_knows_its_signatures() {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pair.as_ref(), &random).unwrap();
        let key = CoseKey::read(&es256(pair.public_key().as_ref())).unwrap();
        let signed = pair.sign(&random, b"message").unwrap();
        assert!(key.has_signed(b"message", signed.as_ref()));
        assert!(!key.has_signed(b"another", signed.as_ref()) && !key.has_signed(b"message", b""));

        let pair = Ed25519KeyPair::from_pkcs8(Ed25519KeyPair::generate_pkcs8(&random).unwrap().as_ref()).unwrap();
        let bytes = [b"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20", pair.public_key().as_ref()].concat();
        let key = CoseKey::read(&bytes).unwrap();
        assert!(key.has_signed(b"message", pair.sign(b"message").as_ref()));
        assert!(!key.has_signed(b"another", pair.sign(b"message").as_ref()));
    }

    /// Made with `openssl dgst -sha256 -sign`.
    #[test]
    fn rsa_keys_know_their_signatures() {
        let bytes = |hex: &str| -> Vec<u8> {
            (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
        };
        let (n, signed) = include_str!("rs256_example.txt").split_once('\n').unwrap();
        let (n, signed) = (bytes(n), bytes(signed.trim()));
        let key = [b"\xa4\x01\x03\x03\x39\x01\x00\x20\x59\x01\x00", &n[..], b"\x21\x43\x01\x00\x01"].concat();
        let key = CoseKey::read(&key).unwrap();
        assert!(key.has_signed(b"message", &signed));
        assert!(!key.has_signed(b"another", &signed) && !key.has_signed(b"message", &signed[1..]));
    }

    #[test]
    fn other_keys_are_refused() {
        let point = [4u8; 65];
        assert!(CoseKey::read(&es256(&point)).is_ok());
        // with something after it, cut, of another curve, with another algorithm
        assert!(CoseKey::read(&[es256(&point), vec![0]].concat()).is_err());
        assert!(CoseKey::read(&es256(&point)[..40]).is_err());
        for (at, byte) in [(6, 2), (4, 0x27), (2, 1), (9, 31)] {
            let mut other = es256(&point);
            other[at] = byte;
            assert!(CoseKey::read(&other).is_err(), "{at}");
        }
    }
}

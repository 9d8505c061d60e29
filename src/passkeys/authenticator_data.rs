//! What the key itself says, and signs: for which site, whether a person was there, how often it was used.

use super::cbor::Value;
use super::cose_key::CoseKey;
use super::{Invalid, RelyingParty};

/// Read from its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatorData {
    /// The key knew the person: by finger, face or PIN.
    pub is_verified: bool,
    /// How often it has signed; 0 where it does not count.
    pub sign_count: u32,
    /// A key that was made just now: its id, and its public key as COSE writes it.
    pub made: Option<(Vec<u8>, Vec<u8>)>,
}

const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const MADE: u8 = 64;

impl AuthenticatorData {
    /// Reads and checks it: it is for this site, and someone was there.
    pub fn read(bytes: &[u8], site: &RelyingParty) -> Result<Self, Invalid> {
        const CUT: Invalid = Invalid("authenticator data is cut");
        let (hash, rest) = bytes.split_at_checked(32).ok_or(CUT)?;
        if hash != site.hash() {
            return Err(Invalid("a key of another site"));
        }
        let (&flags, rest) = rest.split_first().ok_or(CUT)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(CUT)?;
        if flags & PRESENT == 0 {
            return Err(Invalid("nobody was there"));
        }
        let made = if flags & MADE == 0 { None } else { Some(made(rest)?) };
        Ok(Self { is_verified: flags & VERIFIED != 0, sign_count: u32::from_be_bytes(*count), made })
    }
}

/// After the kind of authenticator (16 bytes): the id with its length, the public key.
fn made(rest: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Invalid> {
    const CUT: Invalid = Invalid("the new key is cut");
    let (_, rest) = rest.split_at_checked(16).ok_or(CUT)?;
    let (size, rest) = rest.split_first_chunk::<2>().ok_or(CUT)?;
    let (id, rest) = rest.split_at_checked(u16::from_be_bytes(*size).into()).ok_or(CUT)?;
    if id.is_empty() || id.len() > 1023 {
        return Err(Invalid("an id that is too long"));
    }
    // extensions may follow
    let (key, after) = Value::read(rest)?;
    CoseKey::of(&key)?;
    Ok((id.to_vec(), rest[..rest.len() - after.len()].to_vec()))
}

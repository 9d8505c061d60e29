//! X-Twilio-Signature: the address and the sorted form fields, signed with the account's auth token.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha1::Sha1;

/// Whether a request to this address with these form fields was signed with this token.
pub fn is_valid(token: &str, url: &str, body: &[(String, String)], signature: &str) -> bool {
    let Ok(signature) = STANDARD.decode(signature.trim()) else { return false };
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.as_bytes()) else { return false };
    mac.update(url.as_bytes());
    let mut fields: Vec<_> = body.iter().collect();
    fields.sort();
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac.verify_slice(&signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// The example of Twilio's documentation ("Validating Signatures from Twilio").
    #[test]
    fn the_documented_example_is_valid() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let body = fields(&[
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675310"),
            ("Digits", "1234"),
            ("From", "+14158675310"),
            ("To", "+18005551212"),
        ]);
        assert!(is_valid("12345", url, &body, "GvWf1cFY/Q7PnoempGyD5oXAezc="));
        assert!(!is_valid("12346", url, &body, "GvWf1cFY/Q7PnoempGyD5oXAezc="));
        assert!(!is_valid("12345", "https://mycompany.com/myapp.php", &body, "GvWf1cFY/Q7PnoempGyD5oXAezc="));
        assert!(!is_valid("12345", url, &body[1..], "GvWf1cFY/Q7PnoempGyD5oXAezc="));
        for nonsense in ["", "x", "GvWf1cFY/Q7PnoempGyD5oXAezcX"] {
            assert!(!is_valid("12345", url, &body, nonsense));
        }
    }
}

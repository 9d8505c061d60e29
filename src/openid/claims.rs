//! What a provider says of a person, once it is verified.

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, Client, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields,
    StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::members::email::Email;

/// Claims beyond the standard ones, whatever they are: roles are among them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct MoreClaims {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for MoreClaims {}

/// What the token endpoint answers.
pub type TokenAnswer = StandardTokenResponse<
    IdTokenFields<
        MoreClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// The client of a provider that was discovered.
pub type ProviderClient = Client<
    MoreClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A person, as the provider tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims(Value);

impl Claims {
    /// Of a verified token.
    pub fn of(token: &impl Serialize) -> Self {
        Self(serde_json::to_value(token).unwrap_or_default())
    }

    /// With what else the provider says of the same person; what the token says counts.
    pub fn with(self, more: &impl Serialize) -> Self {
        let mut all = serde_json::to_value(more).unwrap_or_default();
        if let (Value::Object(all), Value::Object(own)) = (&mut all, self.0) {
            all.extend(own.into_iter().filter(|(_, value)| !value.is_null()));
        }
        Self(all)
    }

    /// All of it.
    pub fn json(&self) -> &Value {
        &self.0
    }

    /// Who it is at the provider: never given to anyone else.
    pub fn subject(&self) -> &str {
        self.0["sub"].as_str().unwrap_or_default()
    }

    /// Their e-mail address, if the provider has seen that it is theirs.
    pub fn verified_email(&self) -> Option<String> {
        let email = self.0["email"].as_str().filter(|_| self.0["email_verified"] == Value::Bool(true))?;
        Email::parse(email).ok().map(|email| email.as_str().to_owned())
    }

    /// Whether there is an address at all, verified or not.
    pub fn has_email(&self) -> bool {
        self.0["email"].is_string()
    }

    /// Their name; where none is told, what stands before the @.
    pub fn name(&self, email: &str) -> String {
        let told = self.0["name"].as_str().unwrap_or_default();
        let clean: String = told.chars().filter(|c| !c.is_control()).take(80).collect();
        let before_at = || email.split('@').next().unwrap_or(email).chars().take(80).collect();
        if clean.trim().is_empty() { before_at() } else { clean.trim().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn an_address_counts_only_when_it_is_verified() {
        let email = |claims: Value| Claims(claims).verified_email();
        assert_eq!(
            email(json!({ "email": "Eva@Example.com", "email_verified": true })).as_deref(),
            Some("eva@example.com")
        );
        for claims in [
            json!({ "email": "eva@example.com" }),
            json!({ "email": "eva@example.com", "email_verified": false }),
            json!({ "email": "eva@example.com", "email_verified": "true" }),
            json!({ "email": "eva@example.com", "email_verified": 1 }),
            json!({ "email": "no address", "email_verified": true }),
            json!({ "email_verified": true }),
        ] {
            assert_eq!(email(claims.clone()), None, "{claims}");
        }
    }

    #[test]
    fn what_the_token_says_counts() {
        let token = Claims(json!({ "sub": "7", "name": "Eva", "email": null }));
        let both = token.with(&json!({ "sub": "8", "name": "Eve", "email": "e@example.com", "groups": ["it"] }));
        assert_eq!((both.subject(), both.name("e@example.com")), ("7", "Eva".to_owned()));
        assert_eq!((both.has_email(), &both.json()["groups"]), (true, &json!(["it"])));
        assert_eq!(Claims(json!({ "name": " \u{7} " })).name("eva.x@example.com"), "eva.x");
    }
}

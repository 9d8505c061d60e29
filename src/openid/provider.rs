//! The provider: what it says of itself, where people are sent, and whom they come back as.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClientAuthMethod, CoreGenderClaim, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, IdTokenClaims, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse,
    UserInfoClaims,
};

use super::args::{OpenIdConfig, is_safe};
use super::attempt::Keys;
use super::claims::{Claims, MoreClaims, ProviderClient, TokenAnswer};
use super::endpoint::Endpoint;
use super::refused::Refused;

/// How long is believed what a provider said of itself.
const FRESH: TimeDelta = TimeDelta::minutes(10);
/// Keys that do not fit may be new ones: asked for again, but not by everyone all the time.
const BETWEEN: TimeDelta = TimeDelta::seconds(10);
/// Signatures with a key that only the provider has.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Shared by all that sign in.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    config: OpenIdConfig,
    endpoint: Endpoint,
    known: Mutex<Option<(DateTime<Utc>, CoreProviderMetadata)>>,
}

type Answer<T> = Result<T, Refused>;
type TokenClaims = IdTokenClaims<MoreClaims, CoreGenderClaim>;

impl Provider {
    /// Asks nothing yet: a provider that is away keeps nobody from starting Muster.
    pub fn new(config: OpenIdConfig) -> Self {
        Self(Arc::new(Inner { config, endpoint: Endpoint::open(), known: Mutex::default() }))
    }

    /// As configured.
    pub fn config(&self) -> &OpenIdConfig {
        &self.0.config
    }

    /// Where the visitor with these keys is sent. May block.
    pub fn address(&self, keys: &Keys, now: DateTime<Utc>) -> Answer<String> {
        let _turn = self.0.endpoint.turn().ok_or(Refused::Busy)?;
        let client = self.client(&self.metadata(FRESH, now)?)?;
        let (state, nonce) = (CsrfToken::new(keys.state()), Nonce::new(keys.nonce()));
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = client.authorize_url(flow, move || state, move || nonce);
        let request = request.add_scopes(self.0.config.scopes.iter().cloned().map(Scope::new));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(keys.proof()));
        Ok(request.set_pkce_challenge(challenge).url().0.into())
    }

    /// Whom the code stands for. May block.
    pub fn person(&self, code: String, keys: &Keys, now: DateTime<Utc>) -> Answer<Claims> {
        let _turn = self.0.endpoint.turn().ok_or(Refused::Busy)?;
        let mut client = self.client(&self.metadata(FRESH, now)?)?;
        let token = self.exchange(&client, code, keys)?;
        let nonce = Nonce::new(keys.nonce());
        let mut verified = verify(&client, &token, &nonce, now);
        if matches!(verified, Err(ClaimsVerificationError::SignatureVerification(_))) {
            // signed with a key that came after those we know
            client = self.client(&self.metadata(BETWEEN, now)?)?;
            verified = verify(&client, &token, &nonce, now);
        }
        let verified = verified.map_err(Refused::invalid)?;
        self.complete(&client, &token, verified)
    }

    fn exchange(&self, client: &ProviderClient, code: String, keys: &Keys) -> Answer<TokenAnswer> {
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(Refused::invalid)?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(keys.proof()));
        request.request(&|request| self.0.endpoint.call(request)).map_err(|error| match error {
            RequestTokenError::Request(error) => Refused::away(error),
            other => Refused::invalid(other),
        })
    }

    /// What the token leaves out, some providers tell when they are asked for it.
    fn complete(&self, client: &ProviderClient, token: &TokenAnswer, own: TokenClaims) -> Answer<Claims> {
        let claims = Claims::of(&own);
        let lacks_role = self.0.config.roles.as_ref().is_some_and(|roles| !roles.is_told(claims.json()));
        if (claims.has_email() && !lacks_role) || client.user_info_url().is_none() {
            return Ok(claims);
        }
        let request = client.user_info(token.access_token().clone(), Some(own.subject().clone()));
        let request = request.map_err(Refused::invalid)?;
        let more: Result<UserInfoClaims<MoreClaims, CoreGenderClaim>, _> =
            request.request(&|request| self.0.endpoint.call(request));
        Ok(claims.with(&more.map_err(Refused::invalid)?))
    }

    /// As it says, not longer ago than that.
    fn metadata(&self, age: TimeDelta, now: DateTime<Utc>) -> Answer<CoreProviderMetadata> {
        let known = || self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, metadata)) = &*known()
            && now - *at < age
        {
            return Ok(metadata.clone());
        }
        let found = CoreProviderMetadata::discover(&self.0.config.issuer, &|request| self.0.endpoint.call(request));
        let found = found.map_err(Refused::away)?;
        check_addresses(&found)?;
        *known() = Some((now, found.clone()));
        Ok(found)
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> Answer<ProviderClient> {
        let config = &self.0.config;
        let secret = config.client_secret.clone().map(ClientSecret::new);
        let id = ClientId::new(config.client_id.clone());
        let back = RedirectUrl::new(config.return_url.clone()).map_err(Refused::invalid)?;
        let client = ProviderClient::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(back);
        let ways = metadata.token_endpoint_auth_methods_supported();
        let basic = ways.is_none_or(|ways| ways.contains(&CoreClientAuthMethod::ClientSecretBasic));
        Ok(client.set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody }))
    }
}

/// The secret and the token travel over https only.
fn check_addresses(metadata: &CoreProviderMetadata) -> Answer<()> {
    let token = metadata.token_endpoint().map(|address| address.url());
    let user_info = metadata.userinfo_endpoint().map(|address| address.url());
    let always = [metadata.authorization_endpoint().url(), metadata.jwks_uri().url()];
    match always.into_iter().chain(token).chain(user_info).find(|address| !is_safe(address)) {
        Some(address) => Err(Refused::away(format!("{address} is not an https address"))),
        None => Ok(()),
    }
}

/// Signature, issuer, audience, expiry and nonce.
fn verify(
    client: &ProviderClient,
    token: &TokenAnswer,
    nonce: &Nonce,
    now: DateTime<Utc>,
) -> Result<TokenClaims, ClaimsVerificationError> {
    let other = |text: &str| ClaimsVerificationError::Other(text.to_owned());
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || now)
        // clocks differ
        .set_issue_time_verifier_fn(move |at| {
            if at <= now + TimeDelta::minutes(5) { Ok(()) } else { Err("issued in the future".to_owned()) }
        });
    let token = token.id_token().ok_or_else(|| other("no ID token came"))?;
    let claims = token.claims(&verifier, nonce)?.clone();
    match claims.authorized_party() {
        Some(party) if *party != *client.client_id() => Err(other("the ID token was made for another client")),
        _ => Ok(claims),
    }
}

//! Flags and environment become a checked `OpenIdConfig`.

use std::fmt;

use clap::Args;
use openidconnect::IssuerUrl;

use super::role_map::RoleMap;
use crate::config::ConfigError;

/// How dashboard users sign in by an OpenID Connect provider.
#[derive(Args, Debug, Clone, Default)]
pub struct OpenIdArgs {
    /// Issuer of an OpenID Connect provider that dashboard users may sign in by, as https://login.example.com/realms/staff.
    /// Register PUBLIC_URL/sign-in/openid/callback there.
    #[arg(long, env = "MUSTER_OPENID_ISSUER")]
    pub openid_issuer: Option<String>,

    /// Muster's name at that provider.
    #[arg(long, env = "MUSTER_OPENID_CLIENT_ID")]
    pub openid_client_id: Option<String>,

    /// Muster's secret at that provider; without it, a public client (PKCE is used either way).
    #[arg(long, env = "MUSTER_OPENID_CLIENT_SECRET", hide_env_values = true)]
    pub openid_client_secret: Option<String>,

    /// What is asked for, besides openid.
    #[arg(long, env = "MUSTER_OPENID_SCOPES", default_value = "email profile")]
    pub openid_scopes: String,

    /// Words of the button on the sign-in page.
    #[arg(long, env = "MUSTER_OPENID_LABEL", default_value = "Sign in with your organisation")]
    pub openid_label: String,

    /// Claim that says what someone may do, as groups or realm_access.roles. Without it roles are kept here.
    #[arg(long, env = "MUSTER_OPENID_ROLE_CLAIM")]
    pub openid_role_claim: Option<String>,

    /// Values of that claim and what they mean here, as it-admins=admin,marketing=marketer. The mightiest counts, at each
    /// sign-in; whoever has none of them does not get in.
    #[arg(long, env = "MUSTER_OPENID_ROLES", value_delimiter = ',')]
    pub openid_roles: Vec<String>,

    /// Make a dashboard user of whoever signs in for the first time and has a role and a verified e-mail address.
    #[arg(long, env = "MUSTER_OPENID_NEW_USERS")]
    pub openid_new_users: bool,

    /// Take whoever has the verified e-mail address of a dashboard user for that one. Without it, each links the two under
    /// My account.
    #[arg(long, env = "MUSTER_OPENID_LINK_BY_EMAIL")]
    pub openid_link_by_email: bool,

    /// Whoever is linked signs in by the provider only: no password, no passkey alone.
    #[arg(long, env = "MUSTER_OPENID_ONLY")]
    pub openid_only: bool,
}

/// What is known of the provider before it is asked.
#[derive(Clone)]
pub struct OpenIdConfig {
    /// Who it is.
    pub issuer: IssuerUrl,
    /// Muster's name there.
    pub client_id: String,
    /// Muster's secret there.
    pub client_secret: Option<String>,
    /// Besides openid.
    pub scopes: Vec<String>,
    /// Of the button.
    pub label: String,
    /// None: roles are kept here.
    pub roles: Option<RoleMap>,
    /// Whether unknown people become dashboard users.
    pub new_users: bool,
    /// Whether a verified e-mail address links.
    pub link_by_email: bool,
    /// Whether those who are linked sign in no other way.
    pub only: bool,
    /// Where the provider sends people back to.
    pub return_url: String,
}

impl OpenIdArgs {
    /// None: no provider is configured.
    pub fn config(&self, public_url: &str) -> Result<Option<OpenIdConfig>, ConfigError> {
        let wrong = |text: &str| Err(ConfigError(text.to_owned()));
        let Some(issuer) = self.openid_issuer.as_deref().map(str::trim).filter(|issuer| !issuer.is_empty()) else {
            return Ok(None);
        };
        let Some(issuer) = IssuerUrl::new(issuer.to_owned()).ok().filter(|issuer| is_safe(issuer.url())) else {
            return wrong("--openid-issuer must be an https address (http on this machine only).");
        };
        let Some(client_id) = self.openid_client_id.clone().filter(|id| !id.is_empty()) else {
            return wrong("--openid-issuer needs --openid-client-id.");
        };
        let roles = RoleMap::parse(self.openid_role_claim.as_deref(), &self.openid_roles).map_err(ConfigError)?;
        if self.openid_new_users && roles.is_none() {
            return wrong(
                "--openid-new-users needs --openid-role-claim and --openid-roles: they say what the new may do.",
            );
        }
        Ok(Some(OpenIdConfig {
            issuer,
            client_id,
            client_secret: self.openid_client_secret.clone().filter(|secret| !secret.is_empty()),
            scopes: self.openid_scopes.split_whitespace().filter(|scope| *scope != "openid").map(Into::into).collect(),
            label: self.openid_label.trim().to_owned(),
            roles,
            new_users: self.openid_new_users,
            link_by_email: self.openid_link_by_email,
            only: self.openid_only,
            return_url: format!("{public_url}{}", super::callback::PATH),
        }))
    }
}

/// Over https, or to a server on this machine.
pub(super) fn is_safe(url: &openidconnect::url::Url) -> bool {
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

/// Never shows the secret.
impl fmt::Debug for OpenIdConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenIdConfig({}, {})", self.issuer.as_str(), self.client_id)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn args(issuer: &str) -> OpenIdArgs {
        OpenIdArgs {
            openid_issuer: Some(issuer.into()),
            openid_client_id: Some("muster".into()),
            openid_client_secret: Some("s3cret".into()),
            openid_scopes: "openid email  groups".into(),
            ..OpenIdArgs::default()
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert!(OpenIdArgs::default().config("https://here").unwrap().is_none());
        let good = args("https://login.example.com/realms/staff").config("https://here").unwrap().unwrap();
        assert_eq!(good.scopes, ["email", "groups"]);
        assert_eq!(good.return_url, "https://here/sign-in/openid/callback");
        assert!(!format!("{good:?}").contains("s3cret"));
        assert!(args("http://127.0.0.1:9000").config("x").is_ok());
        for issuer in ["http://login.example.com", "login.example.com", "ftp://x"] {
            assert!(args(issuer).config("x").is_err(), "{issuer}");
        }
        let without = OpenIdArgs { openid_client_id: None, ..args("https://x") };
        assert!(without.config("x").unwrap_err().0.contains("--openid-client-id"));
        let new = OpenIdArgs { openid_new_users: true, ..args("https://x") };
        assert!(new.config("x").unwrap_err().0.contains("--openid-roles"));
    }
}
